import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BenchtopError, type ModelFile } from '../../contract/index.ts';
import { isWithin } from '../is-within.ts';
import type { Objects } from '../objects/index.ts';
import { digestOf } from './files-digest.ts';

/** Copies that nobody asked for in this long may go. */
const unusedAfterMs = 7 * 86_400_000;

/** Models written out as files, each set of files once. */
export interface ModelCopies {
  /**
   * The path at which files lie, written there where they do not yet; what was changed since is written again.
   * @returns the folder, or the path of a single file. @throws {BenchtopError} `damaged-object`, `disk-full`.
   */
  place(files: readonly StoredModelFile[], isFolder: boolean): Promise<string>;
  /** Removes copies that were not asked for in a week. */
  removeUnused(): void;
}

export type StoredModelFile = ModelFile & { readonly objectId: string };

/** @param folder of the home; made with the first copy. */
export function createModelCopies(folder: string, objects: Objects, now: () => number): ModelCopies {
  return {
    async place(files, isFolder) {
      const copy = join(folder, digestOf(files).sha256.slice(0, 32));
      for (const { path } of files)
        if (!isWithin(copy, join(copy, path)))
          throw new BenchtopError({
            code: 'invalid-input',
            what: `The model names a path that leaves it: ${path}`,
          });
      if (!(await isSound(objects, copy, files))) await write(objects, copy, files);
      utimesSync(copy, now() / 1000, now() / 1000);
      const [first] = files;
      return isFolder || first === undefined ? copy : join(copy, first.path);
    },
    removeUnused() {
      if (!existsSync(folder)) return;
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (statSync(path).mtimeMs < now() - unusedAfterMs) rmSync(path, { recursive: true, force: true });
      }
    },
  };
}

/** Whether all files are there as they are stored; a file that is as it was when it was last read costs a look at it. */
async function isSound(objects: Objects, copy: string, files: readonly StoredModelFile[]): Promise<boolean> {
  if (!existsSync(copy) || countFiles(copy) !== files.length) return false;
  const found = await objects.hashFiles(files.map(({ path }) => join(copy, path)));
  return files.every(({ objectId }, at) => {
    const file = found[at];
    return file !== undefined && 'objectId' in file && file.objectId === objectId;
  });
}

async function write(objects: Objects, copy: string, files: readonly StoredModelFile[]): Promise<void> {
  const fresh = `${copy}.${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(fresh, { recursive: true, mode: 0o700 });
    for (const below of new Set(files.map(({ path }) => dirname(join(fresh, path)))))
      mkdirSync(below, { recursive: true });
    await objects.writeFiles(files.map(({ path, objectId }) => ({ objectId, path: join(fresh, path) })));
    rmSync(copy, { recursive: true, force: true });
    renameSync(fresh, copy);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

const countFiles = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory())
    .length;
