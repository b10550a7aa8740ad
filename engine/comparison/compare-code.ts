import { join, relative } from 'node:path';
import type { Difference, Run, RunData, Snapshot, SourceChange } from '../../contract/index.ts';
import { mayBeData } from '../data/index.ts';
import { isWithin } from '../is-within.ts';
import type { PartComparison } from './compare-runs.ts';

/** What is recorded of a run that tells its code from what else its snapshot holds. */
export interface RunCode {
  readonly run: Run;
  readonly snapshot: Snapshot | null;
  /** Files that it left, as seen from its working folder. */
  readonly left: readonly string[];
  readonly data: readonly RunData[];
}

/**
 * What differs between the code of two runs, by files. Unknown where one of them has no snapshot. A snapshot holds more than code: what
 * a run left is what came of it and not why, and what it read as data is compared as data.
 */
export async function compareCode(
  before: RunCode,
  after: RunCode,
  changes: () => Promise<{ changes: readonly SourceChange[]; changeCount: number }>,
): Promise<PartComparison> {
  const { snapshot: a } = before;
  const { snapshot: b } = after;
  if (a === null || b === null || a.commitId === null || b.commitId === null)
    return {
      differences: null,
      why: a?.problem ?? b?.problem ?? 'Code is kept for runs that Benchtop starts; one of these has none.',
    };
  const found = await changes();
  const left = new Set([...leftPlaces(before, a), ...leftPlaces(after, b)]);
  const read = [...readPlaces(before, a), ...readPlaces(after, b)];
  const isData = (place: string) => mayBeData(place, '/') && read.some((data) => isWithin(data, place));
  const isCode = (path: string) => !left.has(`/${path}`) && !isData(`/${path}`);
  const beyond = found.changeCount - found.changes.length;
  return {
    differences: found.changes.filter(({ path }) => isCode(path)).map(differenceOf),
    why: beyond > 0 ? `${beyond} more files differ.` : null,
  };
}

/** As seen from the folder of the snapshot: the other run may have had another folder. */
const placeIn = ({ rootPath }: Snapshot, path: string) => join('/', relative(rootPath, path));

const leftPlaces = ({ run: { workingFolder }, left }: RunCode, snapshot: Snapshot): string[] =>
  workingFolder === null ? [] : left.map((path) => placeIn(snapshot, join(workingFolder, path)));

const readPlaces = ({ data }: RunCode, snapshot: Snapshot): string[] =>
  data
    .filter(
      ({ role, version, path }) => role === 'input' && version !== null && isWithin(snapshot.rootPath, path),
    )
    .map(({ path }) => placeIn(snapshot, path));

function differenceOf({ path, change, oldPath, addedLines, removedLines }: SourceChange): Difference {
  const lines =
    addedLines === null || removedLines === null ? 'no text' : `+${addedLines} −${removedLines} lines`;
  switch (change) {
    case 'added':
      return { name: path, a: null, b: 'added', detail: lines };
    case 'removed':
      return { name: path, a: 'removed', b: null, detail: lines };
    case 'modified':
      return { name: path, a: null, b: null, detail: lines };
    case 'renamed':
      return { name: path, a: oldPath, b: path, detail: lines };
  }
}
