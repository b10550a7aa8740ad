import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './process-identity.ts';
import { processesOf } from './run-mark.ts';
import { signalProcess } from './signal-process.ts';

/** After SIGKILL a process can only hang on in the kernel (a dead network disk); waiting longer changes nothing. */
const killPatienceMs = 10_000;

/**
 * Ends everything a run has started: SIGTERM to all, `graceMs` to leave, then SIGKILL until none is left.
 * Pid and start time are compared before every signal. Returns the pids that could not be ended.
 */
export async function endTree(
  root: ProcessIdentity | null,
  mark: string,
  graceMs: number,
): Promise<number[]> {
  for (const member of processesOf(root, mark)) {
    signalProcess(member, 'SIGTERM');
    // A stopped process gets its SIGTERM only once it goes on.
    signalProcess(member, 'SIGCONT');
  }
  if (await isGone(root, mark, graceMs)) return [];
  const until = Date.now() + killPatienceMs;
  for (;;) {
    // Looked up anew each time: a process that forks while it is being killed leaves a child behind.
    for (const member of processesOf(root, mark)) signalProcess(member, 'SIGKILL');
    if (await isGone(root, mark, 250)) return [];
    if (Date.now() > until) return processesOf(root, mark).map((member) => member.pid);
  }
}

async function isGone(root: ProcessIdentity | null, mark: string, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const members = processesOf(root, mark);
    if (members.length === 0) return true;
    if (Date.now() >= until) return false;
    // Only while one of those seen is still there is it worth waiting before the costly look at all processes.
    for (let waitedMs = 0; waitedMs < pauseMs && members.some(isRunning); waitedMs += 10) await sleep(10);
  }
}
