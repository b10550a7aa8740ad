import { dirname } from 'node:path';
import type { LeftOutFile } from '../../contract/index.ts';
import type { WorkingChange } from './repository.ts';
import { shownPath } from './shown-path.ts';

/** New files of one top folder; a folder with more is data. */
const maxOfFolder = 2000;
/** Outputs of a pipeline that are listed: with as many stages as it has runs there would be thousands of lines of each. */
const listedOutputs = 5;

export const leftOutFolder = (path: string): LeftOutFile => ({
  path,
  reason: 'machine-made',
  why: 'Made by a program, which can make it again.',
  sizeBytes: null,
  objectId: null,
});

/** The first outputs of a pipeline; of the others only their number is told. */
export const leftOutOutputs = (paths: readonly string[]): LeftOutFile[] =>
  paths.slice(0, listedOutputs).map((path) => ({
    path,
    reason: 'machine-made',
    why: 'An output of the pipeline, which is kept as data.',
    sizeBytes: null,
    objectId: null,
  }));

/** Whether one of the paths is a path below the root, or a folder that it lies in. */
export function isWithinAny(paths: ReadonlySet<string>, path: string, rootPath: string): boolean {
  if (paths.size === 0) return false;
  for (let at = path; at.length > rootPath.length; at = dirname(at)) if (paths.has(at)) return true;
  return false;
}

/** Without the new files of folders that have too many of them. */
export function withoutDataFolders(changes: readonly WorkingChange[]): {
  changes: WorkingChange[];
  leftOut: LeftOutFile[];
} {
  const top = ({ path }: WorkingChange) => path.slice(0, Math.max(0, path.indexOf('/')));
  const counts = new Map<string, number>();
  for (const change of changes)
    if (change.is === 'untracked') counts.set(top(change), (counts.get(top(change)) ?? 0) + 1);
  const large = [...counts].filter(([folder, count]) => folder !== '' && count > maxOfFolder);
  const names = new Set(large.map(([folder]) => folder));
  return {
    changes: changes.filter((change) => change.is !== 'untracked' || !names.has(top(change))),
    leftOut: large.map(([folder, count]) => ({
      path: shownPath(folder),
      reason: 'large',
      why: `${count} new files that git does not know.`,
      sizeBytes: null,
      objectId: null,
    })),
  };
}
