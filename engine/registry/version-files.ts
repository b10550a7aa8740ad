import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { BenchtopError, type ModelFile } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';
import type { Objects } from '../objects/index.ts';
import type { Store } from '../store/index.ts';
import { fileAt, filesBelow, localBytes, localEntries, localFolder, proxiedPath } from '../tracking/index.ts';

/** More files of one model than these are not looked at. */
const filesAtMost = 10_000;

/** The files at a storage location, by path, and where they lie. */
export interface VersionFiles {
  /** `stored`: by content, here. `local`: at a path of this machine. `elsewhere`: only the client reaches them. */
  readonly where: 'stored' | 'local' | 'elsewhere';
  /** Of local files: what their paths are relative to, and the path that the location itself names. */
  readonly local: { readonly folder: string; readonly path: string } | null;
  readonly isFolder: boolean;
  readonly files: readonly ModelFile[];
}

/** Looks for the files of a location; of what is stored here, and of a folder of this machine, they are told one by one. */
export async function filesAt(store: Pick<Store, 'now'>, storageUri: string): Promise<VersionFiles> {
  const stored = storedFilesAt(store, storageUri);
  if (stored !== null) return stored;
  const path = localFolder(storageUri);
  if (path === null) return { where: 'elsewhere', local: null, isFolder: true, files: [] };
  const found = await stat(path).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (found?.isFile() === true) {
    const files = [{ path: basename(path), sizeBytes: found.size, objectId: null }];
    return { where: 'local', local: { folder: dirname(path), path }, isFolder: false, files };
  }
  const files: ModelFile[] = [];
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const { name, isFolder, sizeBytes } of await localEntries(path, folder)) {
      const below = folder === '' ? name : `${folder}/${name}`;
      if (isFolder) waiting.push(below);
      else files.push({ path: below, sizeBytes, objectId: null });
      if (files.length >= filesAtMost) waiting.length = 0;
    }
  }
  return { where: 'local', local: { folder: path, path }, isFolder: true, files: files.toSorted(byPath) };
}

function storedFilesAt(store: Pick<Store, 'now'>, storageUri: string): VersionFiles | null {
  const path = proxiedPath(storageUri);
  if (path === null) return null;
  return store.now((db) => ({
    where: 'stored',
    local: null,
    isFolder: fileAt(db, path) === undefined,
    files: filesBelow(db, path),
  }));
}

const byPath = (a: ModelFile, b: ModelFile) => (a.path < b.path ? -1 : 1);

/** A text file of a version; null when there is none of the path. @throws {BenchtopError} `too-large`, `damaged-object`. */
export async function textOf(
  objects: Pick<Objects, 'read'>,
  { files, local }: VersionFiles,
  path: string,
  maxBytes: number,
): Promise<string | null> {
  const file = files.find((each) => each.path === path);
  if (file === undefined) return null;
  if (file.sizeBytes > maxBytes)
    throw new BenchtopError({
      code: 'too-large',
      what: `${path} has ${file.sizeBytes} bytes; at most ${maxBytes} are read.`,
    });
  const found =
    file.objectId !== null
      ? await objects.read(file.objectId, 0, file.sizeBytes)
      : local === null
        ? null
        : await localBytes(local.folder, path, 0, maxBytes);
  return found === null ? null : new TextDecoder().decode(found.bytes);
}
