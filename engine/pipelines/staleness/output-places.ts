import { existsSync, lstatSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { BenchtopError, type StageOutput, type StageReason } from '../../../contract/index.ts';
import type { Data } from '../../data/index.ts';
import { plainPath, type PathContents } from './path-contents.ts';
import type { RecordedOutput } from './results.ts';

export interface OutputTools {
  readonly projectPath: string;
  readonly contents: PathContents;
  readonly data: Pick<Data, 'keep' | 'keepOutput' | 'isKept' | 'place'>;
  readonly signal: AbortSignal;
}

/** An output that is not what a result says, and whether it can be brought back. */
export interface DifferingOutput {
  readonly reason: Extract<StageReason, { kind: 'output' }>;
  readonly recorded: RecordedOutput;
  readonly canComeBack: boolean;
}

/** The outputs of a result that are not there as it left them. */
export async function differingOutputs(
  { contents, data }: OutputTools,
  outputs: readonly RecordedOutput[],
): Promise<DifferingOutput[]> {
  const versions = await Promise.all(outputs.map(({ path }) => contents.versionAt(path)));
  return outputs.flatMap((recorded, at) => {
    const version = versions[at] ?? null;
    if (version === recorded.version) return [];
    const change = version === null ? 'missing' : 'modified';
    return [
      {
        reason: { kind: 'output', path: recorded.path, change },
        recorded,
        canComeBack: recorded.isKept && data.isKept(recorded.version),
      },
    ];
  });
}

/**
 * Makes room for an output and the folder for it. What lies there is recorded as a data version first, unless it is one or is what
 * the stage itself has left there; of a link only the link goes.
 * @param ownVersion what the stage left there the last time; null when that is not known.
 * @throws {BenchtopError} when it cannot be recorded: then it stays.
 */
export async function clearOutput(
  { projectPath, contents, data, signal }: OutputTools,
  path: string,
  ownVersion: (path: string) => string | null,
): Promise<void> {
  const full = placeOfOutput(projectPath, path);
  contents.forget(path);
  const stats = lstatSync(full, { throwIfNoEntry: false });
  if (stats !== undefined) {
    if (!stats.isSymbolicLink()) {
      const version = await contents.versionAt(path);
      const isSafe = version === null || version === ownVersion(path) || data.isKept(version);
      if (!isSafe && (await data.keep(full, signal)) === null)
        throw new BenchtopError({
          code: 'conflict',
          what: `${path} is in the way of a pipeline stage's output, and could not be recorded before its removal.`,
          evidence: full,
          next: 'Move it away, or see that all of it can be read.',
        });
    }
    await rm(full, { recursive: true, force: true });
    contents.forget(path);
  }
  await makeFolderOf(full);
}

/** Makes the folder that a path lies in, where it is not there. */
export async function makeFolderOf(path: string): Promise<void> {
  if (!existsSync(dirname(path))) await mkdir(dirname(path), { recursive: true });
}

/** Brings an output back to where it was. Half of it, after a kill, is no output: its content tells. */
export async function bringBack(tools: OutputTools, { path, version }: RecordedOutput): Promise<void> {
  await clearOutput(tools, path, () => null);
  await tools.data.place(version, placeOfOutput(tools.projectPath, path), tools.signal);
  tools.contents.forget(path);
}

/** A file up to this size is kept also where it is not to be cached: such are metrics, without which nothing of the run comes back. */
const alwaysKeptBytes = 1 << 20;

/**
 * What a run has left as an output: its version, kept with its files unless it is large and not to be cached, lies outside of the
 * project, or is a link, whose target is not the stage's own.
 * @throws {BenchtopError} `not-found` when nothing is there.
 */
export async function takeOutput(
  { projectPath, contents, data, signal }: OutputTools,
  stage: string,
  { path, isCached }: StageOutput,
  runId: string,
): Promise<RecordedOutput> {
  const full = resolve(projectPath, path);
  contents.forget(path);
  const stats = lstatSync(full, { throwIfNoEntry: false });
  const isOwn = stats !== undefined && !stats.isSymbolicLink() && isInProject(plainPath(path));
  const isSmall = stats?.isFile() === true && stats.size <= alwaysKeptBytes;
  const kept =
    isOwn && (isCached || isSmall) ? await data.keepOutput(full, signal, isCached ? runId : null) : null;
  if (kept !== null) {
    contents.know(path, kept.version, kept.path);
    return { path, version: kept.version, isKept: true };
  }
  const version = await contents.versionAt(path);
  if (version === null)
    throw new BenchtopError({
      code: 'not-found',
      what: `Stage "${stage}" ended well but has not written ${path}, which it declares as an output.`,
      evidence: `nothing at ${full}`,
      next: 'Write it in the command of the stage, or take it out of its outputs.',
    });
  return { path, version, isKept: false };
}

/** @throws {BenchtopError} `invalid-input` for a path that is the project or reaches out of it: nothing there is ever removed. */
function placeOfOutput(projectPath: string, path: string): string {
  const place = plainPath(path);
  if (!isInProject(place))
    throw new BenchtopError({
      code: 'invalid-input',
      what: `${path} cannot be the output of a pipeline stage: it does not lie in the project's folder.`,
    });
  return resolve(projectPath, place);
}

/** Of a plain path. The project itself is not in it. */
const isInProject = (path: string): boolean =>
  path !== '' && !path.startsWith('/') && !path.split('/').includes('..');
