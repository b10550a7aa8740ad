import { existsSync } from 'node:fs';
import { lastPid, type ProcessIdentity, uptimeS } from './process-identity.ts';
import { ticksPerSecond } from './resources/process-usage.ts';
import { limitsOf, markIn } from './run-mark.ts';

/** So many processes are looked at. */
const processesAtMost = 256;
/** A pid is given out again after 32,768 others at the earliest, which are not started in this time. */
const pidsLastMs = 2000;

/**
 * True where certainly nothing runs any more that a process has started, itself included. Found out by a look at the few processes that
 * were started after it, so that it is false where it was started long ago, or many were since.
 * @param mark that all of them carry (run-mark.ts).
 */
export function isAllOver({ pid, startTicks }: ProcessIdentity, mark: string): boolean {
  const ageMs = ((uptimeS() ?? Infinity) - startTicks / ticksPerSecond) * 1000;
  // Younger than nothing: in a container whose time is not that of its processes.
  if (!(ageMs > -100 && ageMs < pidsLastMs) || !existsSync('/proc/1')) return false;
  let next = pid;
  // What forks and ends while others are looked at leaves a later one.
  for (let last = lastPid(); ; last = lastPid()) {
    if (last === null || last < pid || last - pid > processesAtMost) return false;
    if (next > last) return true;
    for (; next <= last; next++) if (mayCarry(next, mark)) return false;
  }
}

/** False of what carries another mark, or none, or is gone. */
function mayCarry(pid: number, mark: string): boolean {
  if (!existsSync(`/proc/${pid}`)) return false;
  const limits = limitsOf(pid);
  return limits === null ? existsSync(`/proc/${pid}`) : markIn(limits) === mark;
}
