import { basename, dirname } from 'node:path';
import { runGit } from './git-program.ts';

const timeoutMs = 5000;

/**
 * Whether the last commit has a file as it is now, so that git would bring it back. Null where no repository is around it, or there is
 * no git; false where git cannot tell, and for a file that it ignores.
 */
export async function isCommitted(path: string): Promise<boolean | null> {
  const args = ['status', '--porcelain', '--ignored', '-z', '--', `:(literal)${basename(path)}`];
  const { status, stdout, stderr, isMissing } = await runGit(args, { cwd: dirname(path), timeoutMs });
  if (isMissing || (status === 128 && stderr.includes('not a git repository'))) return null;
  return status === 0 && stdout.length === 0;
}
