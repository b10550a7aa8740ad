import { spawn } from 'node:child_process';

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null }} Ending how a process ended */

/**
 * Runs a program in the place of this one: same terminal, same signals. The child holds a channel to this
 * process, so that it can notice even our SIGKILL (see `endWithParent`).
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<Ending>} rejects when the program cannot be started
 */
export function runChild(command, args, { env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      // Ctrl-C reaches the whole foreground group: the child has this SIGINT already, and twice means "now!".
      if (signal !== 'SIGINT' || !ownsTerminal()) child.kill(signal);
    };
    for (const signal of forwarded) process.on(signal, forward);
    const stop = () => {
      for (const signal of forwarded) process.off(signal, forward);
    };
    child.once('error', (error) => {
      stop();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      stop();
      resolve({ code, signal });
    });
  });
}

/**
 * Ends this process exactly as its child ended, so that a shell sees the same code or signal.
 *
 * @param {Ending} ending
 */
export function endLike({ code, signal }) {
  if (signal === null) process.exit(code ?? 1);
  process.kill(process.pid, signal);
}

/** Asks this process to end (SIGTERM, so that it can clean up) when the process that started it is gone. */
export function endWithParent() {
  if (process.channel === undefined) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}

/** @type {readonly NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function ownsTerminal() {
  return process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
}
