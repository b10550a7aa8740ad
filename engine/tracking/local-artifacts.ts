import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMissing } from '../is-missing.ts';

/** More entries of one folder are left out. */
const maxEntries = 10_000;

export interface LocalEntry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly sizeBytes: number;
}

/** The folder of an artifact location on this machine; null for a location that is none. */
export function localFolder(uri: string): string | null {
  if (isAbsolute(uri)) return uri;
  if (!/^file:/i.test(uri)) return null;
  try {
    return fileURLToPath(uri.replace(/^file:(?!\/\/)/i, 'file://'));
  } catch {
    return null; // a host, or a path that this system does not have
  }
}

/**
 * The files and folders directly below a folder of an artifact location, where clients write by themselves. Links are not
 * followed, and not shown: nothing outside the location is ever reached. @param folder relative, checked for `..` before.
 */
export async function localEntries(root: string, folder: string): Promise<LocalEntry[]> {
  const path = await insidePath(root, folder);
  if (path === null) return [];
  const found = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const entries = found
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, maxEntries);
  return await Promise.all(
    entries.map(async (entry) => ({
      name: entry.name,
      isFolder: entry.isDirectory(),
      sizeBytes: entry.isFile() ? (await lstat(join(path, entry.name))).size : 0,
    })),
  );
}

/** Bytes of a file of an artifact location; null when there is no such file in it. */
export async function localBytes(
  root: string,
  path: string,
  offset: number,
  limit: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; sizeBytes: number } | null> {
  const inside = await insidePath(root, path);
  if (inside === null) return null;
  const file = await open(inside, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
    (error: unknown) => {
      if (isMissing(error) || isLink(error)) return null;
      throw error;
    },
  );
  if (file === null) return null;
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return null;
    const bytes = new Uint8Array(Math.max(0, Math.min(limit, stats.size - offset)));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    return { bytes: bytes.subarray(0, bytesRead), sizeBytes: stats.size };
  } finally {
    await file.close();
  }
}

/** The path below the root as it is on disk, where no part of it is a link; null where one is, or nothing is there. */
async function insidePath(root: string, path: string): Promise<string | null> {
  try {
    const real = await realpath(root);
    const wanted = join(real, ...path.split('/').filter((part) => part !== ''));
    return (await realpath(wanted)) === wanted && (wanted === real || wanted.startsWith(join(real, '/')))
      ? wanted
      : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

const isLink = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ELOOP';
