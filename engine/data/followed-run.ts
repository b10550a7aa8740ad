import { lstatSync } from 'node:fs';
import type { DataKnownBy } from '../../contract/index.ts';
import { isWithin } from '../is-within.ts';
import type { NotedData, RunDataKey, RunDataOutcome } from './run-data.ts';

/** A run whose inputs are recorded while it goes on. */
export interface FollowedRun {
  readonly projectPath: string | null;
  /** Files that were there before the run bear an earlier time, milliseconds UTC. */
  readonly startedAt: number;
  readonly workingFolder: string | null;
  /** What was noted already, by absolute path. */
  readonly noted: Map<string, NotedInput>;
  readonly filesIn: Map<string, string[]>;
  work: Promise<void>;
}

/** One of a run's inputs, as it is recorded by now. */
export interface NotedInput {
  readonly path: string;
  readonly knownBy: Set<DataKnownBy>;
  /** Null until it is noted in the store. */
  key: RunDataKey | null;
  outcome: RunDataOutcome;
}

export const unread: RunDataOutcome = { state: 'reading', version: null, note: null };

/** What is in the store already of what a run reads. */
export function takeNoted({ noted }: FollowedRun, rows: readonly NotedData[]): void {
  for (const { path, knownBy, outcome, runId, dataSetId, role } of rows)
    if (!noted.has(path))
      noted.set(path, { path, knownBy: new Set(knownBy), key: { runId, dataSetId, role }, outcome });
}

/** Whether it lies in a folder that is noted. */
export const isCovered = ({ noted }: FollowedRun, path: string): boolean =>
  [...noted.keys()].some((other) => other !== path && isWithin(other, path));

/** A file that was written since the run began is a result of it, or of somebody else meanwhile: nothing that it was given. */
export function isMadeBy({ startedAt }: FollowedRun, path: string): boolean {
  try {
    const status = lstatSync(path);
    return status.isFile() && status.mtimeMs >= startedAt;
  } catch {
    return false; // gone: whoever reads it will tell
  }
}
