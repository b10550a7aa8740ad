import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../is-missing.ts';
import { isWithin } from '../../is-within.ts';
import type { Described } from './described.ts';
import { below, type FolderErrand, type SentFile } from './folder-errand.ts';
import { isThere, namesIn } from './places.ts';
import { goneFromFolder } from './put-file.ts';
import { type Sum, sumsName, sumsOf, sumsText } from './sums.ts';
import { hashFile, writeMade, type WrittenFile } from './write-file.ts';

/**
 * Writes what describes a folder, and last its sums: what is named there is there. What was handed over earlier keeps the sum that it has.
 * Returns all that is of this delivery.
 */
export async function describeFolder(
  { pace }: Pick<FolderErrand, 'pace'>,
  folder: string,
  files: readonly SentFile[],
  described: Described,
): Promise<SentFile[]> {
  const all = [...files];
  for (const [path, text] of described)
    all.push({ path, ...(await writeMade(below(folder, path), text, pace)) });
  await writeMade(join(folder, sumsName), sumsText([...all, ...(await earlierSums(folder, all))]), pace);
  await removeParts(folder);
  return all;
}

/** The sums of files that are there and not among these. */
async function earlierSums(folder: string, files: readonly SentFile[]): Promise<Sum[]> {
  const paths = new Set(files.map(({ path }) => path));
  const earlier: Sum[] = [];
  for (const [path, sha256] of (await sumsOf(folder)) ?? [])
    if (!paths.has(path) && isWithin(folder, join(folder, path)) && (await isThere(join(folder, path))))
      earlier.push({ path, sha256 });
  return earlier;
}

/** What attempts before this one left beside the files. */
async function removeParts(folder: string): Promise<void> {
  for (const name of await namesIn(folder))
    if (name.endsWith('.part')) await rm(join(folder, name), { force: true });
}

/** Reads every file of a folder again. @throws {SendFailure} for the first that is not as it was sent; it is written anew then. */
export async function readBack(folder: string, files: readonly SentFile[]): Promise<void> {
  for (const { path, sha256, sizeBytes } of files) {
    const found = await hashIfThere(below(folder, path));
    if (found?.sha256 === sha256) continue;
    throw goneFromFolder(
      `${path} does not come back from the folder as it was sent.`,
      found === null
        ? 'it is not there'
        : `sent ${sizeBytes} bytes, sha256 ${sha256}; read ${found.sizeBytes} bytes, ${found.sha256}`,
    );
  }
}

async function hashIfThere(path: string): Promise<WrittenFile | null> {
  try {
    return await hashFile(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
