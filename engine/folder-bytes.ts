import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './is-missing.ts';

/** The sizes of all files below a folder; 0 where there is none. Files that go meanwhile count as nothing. */
export async function folderBytes(path: string): Promise<number> {
  const entries = await unlessMissing(readdir(path, { recursive: true, withFileTypes: true }), []);
  let sum = 0;
  for (const entry of entries) if (entry.isFile()) sum += await fileBytes(join(entry.parentPath, entry.name));
  return sum;
}

/** The size of a file; 0 where there is none. */
export const fileBytes = (path: string): Promise<number> =>
  unlessMissing(
    stat(path).then(({ size }) => size),
    0,
  );

async function unlessMissing<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (isMissing(error)) return otherwise;
    throw error;
  }
}
