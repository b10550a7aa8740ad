import { lstatSync, type Stats } from 'node:fs';
import { extname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createFolderLists, type FolderLists } from './folder-lists.ts';

/** Larger files stay where they are and are named in a tag. */
export const maxArtifactBytes = 200 * 1024 * 1024;
const maxArtifacts = 1000;
const maxFilesSeen = 200_000;
/** So long the walk goes on before others have their turn. Asked for one by one beside everything else, a file takes 20 times as long. */
const turnMs = 4;

const skippedFolders = new Set([
  'node_modules',
  '__pycache__',
  'site-packages',
  'mlruns',
  'mlartifacts',
  'wandb',
]);
/** What people edit while a run goes on, and what is only passing through. */
const skippedExtensions = new Set(['.py', '.ipynb', '.pyc', '.tmp', '.lock', '.swp', '.part']);

export interface NewFiles {
  /** Relative to the folder, with forward slashes, in order. */
  readonly files: readonly { path: string; sizeBytes: number }[];
  readonly tooLarge: readonly string[];
  /** True when the walk was given up: too many files. */
  readonly isCut: boolean;
}

/**
 * Files below a folder that were made or changed since `sinceMs`, and not after `untilMs`. Links, hidden things and environments
 * are passed over, and what is somebody else's: `ownIn` is given each folder, by its absolute path, with the names in it, and tells
 * which are not.
 * @param sinceMs on the clock that files have (file-clock.ts).
 */
export async function newFilesSince(
  folder: string,
  sinceMs: number,
  {
    untilMs = () => Infinity,
    ownIn = (_folder, names) => names,
    lists = createFolderLists(),
  }: {
    untilMs?: () => number;
    ownIn?: (folder: string, names: readonly string[]) => readonly string[];
    lists?: FolderLists;
  } = {},
): Promise<NewFiles> {
  const files: { path: string; sizeBytes: number }[] = [];
  const tooLarge: string[] = [];
  let seen = 0;
  let turnEndsAt = performance.now() + turnMs;
  const found = (isCut: boolean): NewFiles => ({
    files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    tooLarge,
    isCut,
  });
  const waiting = [''];
  for (let relative = waiting.pop(); relative !== undefined; relative = waiting.pop()) {
    const place = relative === '' ? folder : `${folder}/${relative}`;
    const names = lists.namesIn(place);
    if (names.includes('pyvenv.cfg') || names.includes('conda-meta')) continue;
    for (const name of ownIn(place, names)) {
      if (isPassedOver(name)) continue;
      const path = relative === '' ? name : `${relative}/${name}`;
      if (++seen > maxFilesSeen || files.length >= maxArtifacts) return found(true);
      if (performance.now() > turnEndsAt) {
        await nextTurn();
        turnEndsAt = performance.now() + turnMs;
      }
      // Asked of each in any case, so that the listing need not tell which are folders.
      const status = statusOf(`${place}/${name}`);
      if (status?.isDirectory() === true) waiting.push(path);
      if (status?.isFile() !== true || skippedExtensions.has(extname(name))) continue;
      if (Math.max(status.mtimeMs, status.ctimeMs) < sinceMs) continue;
      if (status.mtimeMs > untilMs() && status.mtimeMs <= Date.now()) continue;
      if (status.size > maxArtifactBytes) tooLarge.push(path);
      else files.push({ path, sizeBytes: status.size });
    }
  }
  return found(false);
}

/** True for hidden things and for folders that belong to a tool; not for what Hydra leaves of a run's configuration. */
export const isPassedOver = (name: string): boolean =>
  (name.startsWith('.') && name !== '.hydra') || skippedFolders.has(name);

function statusOf(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null; // Gone since the listing, or what it lies in has become something else.
  }
}
