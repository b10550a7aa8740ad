import type { Snapshot } from '../../../contract/index.ts';

/** The code of a run in a few rows, for a table of two or three columns: where it is kept, and what is not in it. */
export function snapshotRows({
  commitId,
  parentId,
  repository,
  repositoryPath,
  leftOut,
  moreLeftOut,
  changedMeanwhile,
  problem,
}: Snapshot): string[][] {
  return [
    ...(commitId === null ? [] : [['snapshot', commitId]]),
    ...(parentId === null ? [] : [['on top of', parentId]]),
    ...(commitId === null
      ? []
      : [['kept in', repository === 'own' ? repositoryPath : `${repositoryPath} (Benchtop's own)`]]),
    ...(problem === null ? [] : [['not known', problem]]),
    ...leftOut.map(({ path, reason, why, objectId }) => [
      objectId === null ? `left out (${reason})` : 'kept by content',
      path,
      why,
    ]),
    ...(moreLeftOut === 0 ? [] : [['left out', `${moreLeftOut.toLocaleString('en-US')} more`]]),
    ...changedMeanwhile.map((path) => ['changed', path, 'after the run had begun']),
  ];
}
