import type { SyncConflict } from '../../contract/index.ts';

/** Params that have another value at the target. One that it cut is the same, as far as it can keep it. */
export const differingParams = (
  own: readonly (readonly [key: string, value: string])[],
  theirs: ReadonlyMap<string, string>,
): SyncConflict['differences'] =>
  own.flatMap(([key, local]) => {
    const remote = theirs.get(key);
    return remote === undefined || remote === local || isCut(local, remote) ? [] : [{ key, local, remote }];
  });

/** MLflow cuts long values without a word: params at 500 or 6000 characters, tags at 5000 or 8000. */
export const isCut = (local: string, remote: string): boolean =>
  remote.length >= 250 && remote.length < local.length && local.startsWith(remote);

export const paramsConflict = (differences: SyncConflict['differences']): SyncConflict => ({
  what: `${differences.length === 1 ? 'A param of this run has another value' : `${differences.length} params of this run have other values`} at the target, where params cannot be changed.`,
  differences,
  waysOut: ['theirs', 'both', 'skip'],
});

/** What is told of params whose value there was kept. */
export const keptParams = (differences: SyncConflict['differences']): string[] =>
  differences.map(({ key }) => `param ${key}: the value of the target was kept`);
