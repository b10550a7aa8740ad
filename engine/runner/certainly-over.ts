import { existsSync } from 'node:fs';
import { lastPid, type ProcessIdentity, uptimeS } from './process-identity.ts';
import { ticksPerSecond } from './resources/process-usage.ts';
import { limitsOf, markIn } from './run-mark.ts';

/** The process of a command, with the mark that all it starts carries (run-mark.ts). */
export interface MarkedProcess extends ProcessIdentity {
  readonly mark: string;
}

/** So many processes are looked at. */
const processesAtMost = 512;
/** A pid is given out again after 32,768 others at the earliest, which are not started in this time. */
const pidsLastMs = 2000;

/**
 * The marks of those of which certainly nothing runs any more. It is found out by a look at the processes that were started after them,
 * so that none is where they were started long ago, or many were since.
 */
export function certainlyOver(processes: readonly MarkedProcess[]): ReadonlySet<string> {
  const nowS = uptimeS() ?? Infinity;
  const young = processes.filter((process) => isYoung(process, nowS));
  const over = new Set(young.map(({ mark }) => mark));
  if (young.length === 0 || !seesOthers()) return nobody;
  const first = Math.min(...young.map(({ pid }) => pid));
  let next = first;
  // What forks and ends while others are looked at leaves a later one.
  for (let last = lastPid(); ; last = lastPid()) {
    if (last === null || last < first || last - first > processesAtMost) return nobody;
    if (next > last) return over;
    for (; next <= last; next++) {
      if (!existsSync(`/proc/${next}`)) continue;
      const limits = limitsOf(next);
      if (limits === null && existsSync(`/proc/${next}`)) return nobody;
      over.delete(markIn(limits) ?? '');
    }
  }
}

const nobody: ReadonlySet<string> = new Set();

let seen: boolean | undefined;
/** Whether the processes of others are to be seen here; it stays so while the machine runs. */
const seesOthers = (): boolean => (seen ??= existsSync('/proc/1'));

function isYoung({ startTicks }: ProcessIdentity, nowS: number): boolean {
  const ageMs = (nowS - startTicks / ticksPerSecond) * 1000;
  // Younger than nothing: in a container whose time is not that of its processes.
  return ageMs > -100 && ageMs < pidsLastMs;
}
