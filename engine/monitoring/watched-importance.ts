import { resolve } from 'node:path';
import { BenchtopError, type Monitor } from '../../contract/index.ts';
import type { Gates } from '../gates/index.ts';
import type { MonitorRow } from './monitor-rows.ts';

/**
 * What the columns of a monitor's reference are to its model; where that cannot be told, why. Asked when something was judged: what is
 * known of the same version and reference is not measured again, and what failed is not tried in vain.
 * @param folder of the project
 * @throws {BenchtopError} `cancelled`.
 */
export async function watchedImportance(
  importanceOf: Gates['importanceOf'],
  { settings: { model, reference, source }, lastRun }: Pick<MonitorRow, 'settings' | 'lastRun'>,
  folder: string,
  judgedCount: number,
  signal: AbortSignal,
): Promise<Pick<NonNullable<Monitor['lastRun']>, 'importance' | 'importanceProblem'>> {
  if (model === null) return { importance: null, importanceProblem: null };
  const { importance = null, importanceProblem = null } = lastRun ?? {};
  if (judgedCount === 0 && (importance ?? importanceProblem) !== null)
    return { importance, importanceProblem };
  const { chunks } = source;
  const isPart =
    reference.kind === 'file' &&
    chunks.by === 'time' &&
    (reference.from !== null || reference.before !== null);
  const asked = {
    table:
      reference.kind === 'file'
        ? resolve(folder, reference.path)
        : { version: reference.version, path: reference.path },
    part: isPart ? { column: chunks.column, from: reference.from, before: reference.before } : null,
  };
  try {
    return { importance: await importanceOf(model, asked, signal), importanceProblem: null };
  } catch (error) {
    if (!(error instanceof BenchtopError) || error.code === 'cancelled' || signal.aborted) throw error;
    return { importance: null, importanceProblem: error.message };
  }
}
