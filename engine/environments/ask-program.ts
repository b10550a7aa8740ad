import { spawn } from 'node:child_process';

export interface ProgramAnswer {
  /** The exit code; null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why there is no answer: it could not be started, or it took too long. Null when it ended by itself. */
  readonly failure: string | null;
}

/** More than this of each stream, in characters, is read and dropped: questions here have short answers. */
const maxAnswerCharacters = 64 * 1024;

/**
 * Runs a program that answers a short question, without input. After `timeoutMs` it is killed with everything it started,
 * also a shell script whose child would keep the pipe open. Never rejects.
 */
export function askProgram(
  program: string,
  args: readonly string[],
  options: {
    cwd: string;
    env: Readonly<Record<string, string | undefined>>;
    timeoutMs: number;
    /** Ends it as the time does. */
    signal?: AbortSignal;
  },
): Promise<ProgramAnswer> {
  const { cwd, env, timeoutMs, signal } = options;
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const settle = (status: number | null, failure: string | null) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      resolve({ status, stdout, stderr, failure });
    };
    const end = (why: string) => {
      endGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      settle(null, why);
    };
    const cancel = () => end('was cancelled');
    const timer = setTimeout(() => end(`did not answer within ${timeoutMs / 1000} s`), timeoutMs);
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < maxAnswerCharacters) stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < maxAnswerCharacters) stderr += text;
    });
    child.once('error', (error) => settle(null, `could not be started: ${error.message}`));
    child.once('close', (status) => settle(status, null));
  });
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
