import type Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { filesBelow, proxiedPath, type FileBelow } from '../tracking/index.ts';

/** What files at a storage location are, as one hash. */
export interface FilesDigest {
  readonly count: number;
  readonly sizeBytes: number;
  /** Over a line for each file in the order of paths: its sha256, two blanks, its path, as `sha256sum` writes them. */
  readonly sha256: string;
}

/** The digest of what is stored here at a location; null for another location, and where nothing is. */
export function filesDigest(db: Database.Database, storageUri: string): FilesDigest | null {
  const path = proxiedPath(storageUri);
  const files = path === null ? [] : filesBelow(db, path);
  return files.length === 0 ? null : digestOf(files);
}

export function digestOf(files: readonly FileBelow[]): FilesDigest {
  const sha256 = createHash('sha256');
  let sizeBytes = 0;
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    sha256.update(`${file.objectId}  ${file.path}\n`);
    sizeBytes += file.sizeBytes;
  }
  return { count: files.length, sizeBytes, sha256: sha256.digest('hex') };
}
