import { copyFile, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from './repository.ts';

/**
 * Where the index of a working tree is split, git touches its shared part even to read it (`git update-index --split-index`). Then a copy of
 * the git folder's few own files stands in for it; null where the index is in one piece.
 */
export async function splitIndexAside({
  gitPath,
  commonPath,
  rootPath,
}: Place): Promise<{ env: Record<string, string>; remove: () => Promise<void> } | null> {
  const names = await readdir(gitPath);
  const parts = names.filter((name) => name.startsWith('sharedindex.'));
  if (parts.length === 0) return null;
  const folder = await mkdtemp(join(tmpdir(), 'benchtop-index-'));
  for (const name of ['HEAD', 'index', ...parts].filter((each) => names.includes(each))) {
    await copyFile(join(gitPath, name), join(folder, name));
    // Git takes a file that is younger than the index for changed: a copy must not be younger than what it was made of.
    const { mtimeMs } = await stat(join(gitPath, name));
    const seconds = Math.floor(mtimeMs / 1000);
    await utimes(join(folder, name), seconds, seconds);
  }
  // What makes it one more working tree of the repository (gitrepository-layout(5)).
  await writeFile(join(folder, 'commondir'), `${commonPath}\n`);
  return {
    env: { GIT_DIR: folder, GIT_WORK_TREE: rootPath },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
