import type { Difference, Snapshot, SourceChange } from '../../contract/index.ts';
import type { PartComparison } from './compare-runs.ts';

/**
 * What differs between the code of two runs, by files. Unknown where one of them has no snapshot.
 * @param made files that one of the runs left itself: those are what came of it, not why, though a later snapshot holds them.
 */
export async function compareCode(
  a: Snapshot | null,
  b: Snapshot | null,
  made: ReadonlySet<string>,
  changes: () => Promise<{ changes: readonly SourceChange[]; changeCount: number }>,
): Promise<PartComparison> {
  if (a === null || b === null || a.commitId === null || b.commitId === null)
    return {
      differences: null,
      why: a?.problem ?? b?.problem ?? 'Code is kept for runs that Benchtop starts; one of these has none.',
    };
  const found = await changes();
  const beyond = found.changeCount - found.changes.length;
  return {
    differences: found.changes.filter(({ path }) => !made.has(path)).map(differenceOf),
    why: beyond > 0 ? `${beyond} more files differ.` : null,
  };
}

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
