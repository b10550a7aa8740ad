import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isMissing } from '../is-missing.ts';
import type { Admission } from './admit-file.ts';
import type { WorkingChange } from './repository.ts';
import { shownPath } from './shown-path.ts';

/**
 * The commit that is checked out in a repository within a working tree, read from its files: no git is started in a repository that is
 * not the project's own.
 */
export async function headOfRepository(change: WorkingChange, rootPath: string): Promise<Admission> {
  if (change.staged !== null) return { is: 'stored', ...change.staged };
  const commit = await headCommit(join(rootPath, shownPath(change.path)));
  if (commit !== null) return { is: 'stored', mode: '160000', id: commit };
  return change.committed === null
    ? { is: 'out', reason: 'repository', why: 'A repository of its own, without a commit.', sizeBytes: null }
    : { is: 'stored', ...change.committed };
}

async function headCommit(folder: string): Promise<string | null> {
  const pointer = await textOf(join(folder, '.git'));
  const gitPath =
    pointer === null ? join(folder, '.git') : resolve(folder, /^gitdir: (.+)$/m.exec(pointer)?.[1] ?? '.git');
  const head = (await textOf(join(gitPath, 'HEAD')))?.trim() ?? '';
  const ref = /^ref: (.+)$/.exec(head)?.[1];
  if (ref === undefined) return commitId(head);
  const loose = await textOf(join(gitPath, ref));
  if (loose !== null) return commitId(loose.trim());
  const packed = (await textOf(join(gitPath, 'packed-refs'))) ?? '';
  return commitId(
    packed
      .split('\n')
      .find((line) => line.endsWith(` ${ref}`))
      ?.split(' ')[0] ?? '',
  );
}

const commitId = (text: string) => (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text) ? text : null);

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error) || (error instanceof Error && 'code' in error && error.code === 'EISDIR'))
      return null;
    throw error;
  });
}
