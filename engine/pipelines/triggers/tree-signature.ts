import { createHash } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../is-missing.ts';

/** A folder with more files is not watched. */
const filesAtMost = 50_000;

export interface TreeSignature {
  readonly hash: string;
  /** By path below the root: size and times. Empty for a path at which nothing is. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * What a file or folder is known by without reading it: names, sizes and times. Hidden files do not count. Null for a folder with more
 * than 50,000 files.
 */
export async function treeSignature(path: string): Promise<TreeSignature | null> {
  const files = new Map<string, string>();
  const look = async (relative: string): Promise<void> => {
    const full = relative === '' ? path : join(path, relative);
    const stat = await lstat(full).catch(orNull);
    if (stat === null) return;
    if (!stat.isDirectory()) {
      files.set(relative, `${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}`);
      return;
    }
    const names = (await readdir(full).catch(orNull)) ?? [];
    for (const name of names.sort()) {
      if (files.size > filesAtMost) return;
      if (!name.startsWith('.')) await look(relative === '' ? name : `${relative}/${name}`);
    }
  };
  await look('');
  if (files.size > filesAtMost) return null;
  const hash = createHash('sha256');
  for (const [name, state] of files) hash.update(`${name}\0${state}\n`);
  return { hash: hash.digest('hex'), files };
}

function orNull(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

/** Which files differ, in words: `a.csv and 2 others`. */
export function changeText(before: TreeSignature, after: TreeSignature): string {
  const changed = [...after.files.keys()].filter((name) => after.files.get(name) !== before.files.get(name));
  const removed = [...before.files.keys()].filter((name) => !after.files.has(name));
  const all = [...changed, ...removed];
  const [first] = all;
  if (first === undefined || first === '') return '';
  const verb = changed.length === 0 ? 'removed' : 'changed';
  return all.length === 1 ? `${first} ${verb}` : `${first} and ${all.length - 1} more ${verb}`;
}
