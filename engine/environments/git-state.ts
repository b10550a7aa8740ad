import type { GitState } from '../../contract/index.ts';
import { askProgram } from './ask-program.ts';

/** `git status` of 10 k files takes a tenth of it; a network disk must not hold a capture for ever. */
const timeoutMs = 5000;
/** Nothing of the repository is run, and nothing in it is written, not even a refreshed index. */
const harmless = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '--no-pager'];

/** The repository around a folder: null where there is none; `problem` when git could not tell. */
export async function gitState(folder: string): Promise<{ git: GitState | null; problem: string | null }> {
  const env: Record<string, string | undefined> = {
    ...process.env,
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
  // Set when Benchtop was started by a hook: they would name another repository.
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE']) delete env[name];
  const git = (...args: string[]) =>
    askProgram('git', [...harmless, ...args], { cwd: folder, env, timeoutMs });
  const [status, remotes] = await Promise.all([
    git('status', '--porcelain=v2', '--branch', '--ignore-submodules=dirty'),
    git('config', '--get-regexp', String.raw`^remote\..*\.url$`),
  ]);
  if (status.failure !== null)
    return { git: null, problem: status.failure.includes('ENOENT') ? null : `git ${status.failure}` };
  if (status.status !== 0) {
    const said = status.stderr.trim().split('\n')[0] ?? '';
    return { git: null, problem: said.includes('not a git repository') ? null : `git: ${said}` };
  }
  const lines = status.stdout.split('\n');
  const header = (name: string) =>
    lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3) ?? null;
  const commit = header('branch.oid');
  const branch = header('branch.head');
  return {
    git: {
      commit: commit === '(initial)' ? null : commit,
      branch: branch === '(detached)' ? null : branch,
      isDirty: lines.some((line) => line !== '' && !line.startsWith('#')),
      remoteUrl: remoteOf(remotes.stdout),
    },
    problem: null,
  };
}

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
