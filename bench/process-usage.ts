import { readFileSync, readdirSync } from 'node:fs';

/** What processes use, from Linux's /proc; other systems have no proportional set size. */
export const canReadUsage = process.platform === 'linux';

/** Kernel ticks are 10 ms for every program outside the kernel, whatever the kernel's own clock. */
const msPerTick = 10;

/** A process and everything it started that still runs. */
export function processTree(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: Number(statFields(Number(name))?.[1]) }));
  const tree = [pid];
  // Grows while it is walked: the children of children come after them.
  for (const known of tree)
    tree.push(...parents.filter(({ parent }) => parent === known).map((own) => own.pid));
  return tree;
}

/**
 * Memory in MB (10^6 bytes). `Pss`: what is shared with other processes counts by its share, so it falls when more
 * programs of the same kind run. `Rss`: what is shared counts in full, so it is the most the processes can need.
 */
export function memoryMegabytes(pids: readonly number[], kind: 'Pss' | 'Rss'): number {
  const kibibytes = pids.map((pid) =>
    Number(
      new RegExp(`^${kind}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1],
    ),
  );
  return (kibibytes.reduce((sum, own) => sum + own, 0) * 1024) / 1e6;
}

/** CPU time used so far by all threads, user and system, in milliseconds. */
export function cpuMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = statFields(pid);
    return sum + (Number(fields?.[11]) + Number(fields?.[12])) * msPerTick;
  }, 0);
}

/** The fields of /proc/PID/stat after the name, which may hold anything: state, parent, …; null for a process that is gone. */
function statFields(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null; // ended between listing and reading
  }
}
