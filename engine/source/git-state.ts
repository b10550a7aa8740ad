import type { GitState } from '../../contract/index.ts';
import { gitProblem, runGit } from './git-program.ts';
import { isBelowRepository } from './repository-above.ts';
import { shownPath } from './shown-path.ts';

/** `git status` of 10 k files takes a tenth of it; a network disk must not hold a capture for ever. */
const timeoutMs = 5000;

/** The repository around a folder: null where there is none; `problem` when git could not tell. */
export async function gitState(folder: string): Promise<{ git: GitState | null; problem: string | null }> {
  if (!isBelowRepository(folder)) return { git: null, problem: null };
  const git = (...args: string[]) => runGit(args, { cwd: folder, timeoutMs });
  const [status, remotes] = await Promise.all([
    git('status', '--porcelain=v2', '--branch', '--ignore-submodules=dirty'),
    git('config', '--get-regexp', String.raw`^remote\..*\.url$`),
  ]);
  const problem = gitProblem(status);
  if (problem !== null)
    return { git: null, problem: status.isMissing || isNoRepository(problem) ? null : problem };
  const lines = status.stdout.toString('utf8').split('\n');
  const header = (name: string) =>
    lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3) ?? null;
  const commit = header('branch.oid');
  const branch = header('branch.head');
  return {
    git: {
      commit: commit === '(initial)' ? null : commit,
      branch: branch === '(detached)' ? null : branch,
      isDirty: lines.some((line) => line !== '' && !line.startsWith('#')),
      remoteUrl: remoteOf(shownPath(remotes.stdout.toString('latin1'))),
    },
    problem: null,
  };
}

/** True when git says that a folder belongs to no working tree. */
export const isNoRepository = (problem: string): boolean =>
  problem.includes('not a git repository') || problem.includes('must be run in a work tree');

function remoteOf(listed: string): string | null {
  const remotes = listed.split('\n').filter((line) => line !== '');
  const line = remotes.find((one) => one.startsWith('remote.origin.url ')) ?? remotes[0];
  return line === undefined ? null : withoutCredentials(line.slice(line.indexOf(' ') + 1));
}

/** An address as it may be shown: no user, password, query or fragment where a token could stand. */
export function withoutCredentials(address: string): string {
  const url = URL.canParse(address) && address.includes('://') ? new URL(address) : null;
  // `git@host:path` names no secret; a local path neither.
  if (url === null) return address.replace(/^([^@/:]+):[^@/]*@/, '$1@');
  if (url.protocol === 'ssh:') url.password = '';
  else {
    url.username = '';
    url.password = '';
  }
  url.search = '';
  url.hash = '';
  return url.href;
}
