import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface GitAnswer {
  /** The exit code; null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** Why there is no answer: it could not be started, took too long, or said too much. Null when it ended by itself. */
  readonly failure: string | null;
  /** True when this machine has no git. */
  readonly isMissing: boolean;
  readonly pid: number | undefined;
}

export interface GitCall {
  /** The folder it works in. */
  readonly cwd: string;
  /** Beside those that keep it from asking and from writing; GIT_DIR and its like have to be named here. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads: at once, or piece by piece as it takes it. */
  readonly input?: Uint8Array | AsyncIterable<Uint8Array>;
  readonly timeoutMs: number;
  /** It is ended when it says more. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** Nothing of the repository is run, and no ref gets a log that had none. */
const harmless = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.logAllRefUpdates', 'false'],
  ['core.safecrlf', 'false'],
  ['gc.auto', '0'],
  // A clone without all its objects would ask the network for them.
  ['protocol.allow', 'never'],
  ['maintenance.auto', 'false'],
] as const;

/** What names another repository, or other rules, than those of the folder that is asked about. */
const ownVariables =
  /^GIT_(?!EXEC_PATH|CONFIG_(NOSYSTEM|GLOBAL|SYSTEM|COUNT|KEY_|VALUE_)|CEILING_DIRECTORIES)/;

/**
 * Runs the user's git once, so that it asks nothing, runs no program of the repository and writes nothing that it is not told to.
 * Never rejects, but with what the input throws.
 */
export async function runGit(args: readonly string[], call: GitCall): Promise<GitAnswer> {
  const { cwd, input, timeoutMs, maxBytes = 64 * 1024 * 1024, signal } = call;
  const child = spawn('git', [...harmless.flatMap(([name, value]) => ['-c', `${name}=${value}`]), ...args], {
    cwd,
    env: gitEnvironment(call.env),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    // A group of its own: what git starts ends with it.
    detached: true,
  });
  const parts: Buffer[] = [];
  let bytes = 0;
  let stderr = '';
  let failure: string | null = null;
  let isMissing = false;
  const end = (why: string) => {
    failure ??= why;
    endGroup(child.pid);
  };
  const timer = setTimeout(() => end(`did not answer within ${timeoutMs / 1000} s`), timeoutMs);
  const abort = () => end('was ended');
  signal?.addEventListener('abort', abort);
  if (signal?.aborted === true) abort();
  const closed = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      isMissing = 'code' in error && error.code === 'ENOENT' && existsSync(cwd);
      failure ??= `could not be started: ${error.message}`;
      resolve(null);
    });
    child.once('close', resolve);
  });
  child.stdout?.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > maxBytes) end(`said more than ${maxBytes} bytes`);
    else parts.push(part);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < 64 * 1024) stderr += text;
  });
  try {
    if (child.stdin !== null && input !== undefined) {
      // Where git ends early its exit code and words tell more than the broken pipe.
      child.stdin.on('error', () => undefined);
      await feed(child.stdin, input, closed);
    }
    const status = await closed;
    return { status, stdout: Buffer.concat(parts), stderr, failure, isMissing, pid: child.pid };
  } catch (error) {
    endGroup(child.pid);
    await closed;
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** Git's words for what went wrong, in one line; null when it answered with 0. */
export function gitProblem({ status, stderr, failure }: GitAnswer): string | null {
  if (failure !== null) return `git ${failure}`;
  if (status === 0) return null;
  return `git: ${stderr.trim().split('\n')[0] ?? ''}`;
}

function gitEnvironment(own: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(([name]) => !ownVariables.test(name));
  return {
    ...Object.fromEntries(inherited),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    LC_ALL: 'C',
    ...own,
  };
}

async function feed(
  stdin: NodeJS.WritableStream,
  input: Uint8Array | AsyncIterable<Uint8Array>,
  closed: Promise<unknown>,
): Promise<void> {
  let isOpen = true;
  void closed.then(() => (isOpen = false));
  if (input instanceof Uint8Array) stdin.write(input);
  else
    for await (const part of input) {
      if (!isOpen) break;
      if (!stdin.write(part))
        await Promise.race([closed, new Promise((resolve) => stdin.once('drain', resolve))]);
    }
  stdin.end();
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It ended in this very moment.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
