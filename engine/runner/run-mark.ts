import { allProcesses, type ProcessEntry, type ProcessIdentity, readProc } from './process-identity.ts';

/**
 * The mark that a run's whole progeny carries: the soft RLIMIT_LOCKS, set by the supervisor before it executes the command.
 * Linux has ignored this limit since 2.4.25 (getrlimit(2)), yet every child inherits it and anyone may read it in
 * /proc/<pid>/limits. So a descendant is found for certain, also after it left the group with setsid or its parents died,
 * also by an engine that was started later, and without ever reading a process's environment.
 */
export function runMark(runId: string): string {
  return BigInt(`0x1${runId.slice(0, 14)}`).toString();
}

/** Everything a run has started that still runs: by mark, by process group, and by parentage from `root`. */
export function processesOf(root: ProcessIdentity | null, mark: string): ProcessEntry[] {
  const all = allProcesses();
  const found = new Set<number>();
  for (const entry of all) {
    const isRoot = root !== null && entry.pid === root.pid && entry.startTicks === root.startTicks;
    if (isRoot || markOf(entry.pid) === mark) found.add(entry.pid);
  }
  if (root !== null && found.size > 0) {
    for (const entry of all)
      if (entry.groupId === root.pid && entry.startTicks >= root.startTicks) found.add(entry.pid);
  }
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const entry of all) if (found.has(entry.parentPid)) found.add(entry.pid);
  }
  return all.filter((entry) => found.has(entry.pid));
}

export const markOf = (pid: number): string | undefined => markIn(limitsOf(pid));

/** What /proc tells of a process's limits, up to the mark's; null when it is gone or hidden from us. */
export const limitsOf = (pid: number): string | null =>
  readProc(`/proc/${pid}/limits`, /^Max file locks.*\n/m);

/** The mark that these limits are; undefined for those of what no run has started. */
export const markIn = (limits: string | null): string | undefined =>
  limits === null ? undefined : /^Max file locks\s+(\d+)/m.exec(limits)?.[1];
