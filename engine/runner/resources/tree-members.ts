import { allProcesses, readProc, type ProcessIdentity } from '../process-identity.ts';
import { markOf } from '../run-mark.ts';

/**
 * Finds the processes of runs often and cheaply. `look` reads every process's stat but the mark only of those not seen before;
 * `children` asks the kernel for what the main thread of a process has started, which needs no look at all processes.
 */
export function createTreeMembers() {
  let marks = new Map<string, string | undefined>();

  return {
    /** The pids that carry each of the marks, and their descendants; `roots` are taken as marked. */
    look(runs: readonly { root: ProcessIdentity; mark: string }[]): Map<string, Set<number>> {
      const found = new Map(runs.map(({ mark }) => [mark, new Set<number>()]));
      const roots = new Map(runs.map(({ root, mark }) => [`${root.pid} ${root.startTicks}`, mark]));
      const all = allProcesses();
      const next = new Map<string, string | undefined>();
      for (const { pid, startTicks } of all) {
        const identity = `${pid} ${startTicks}`;
        const mark = roots.get(identity) ?? (marks.has(identity) ? marks.get(identity) : markOf(pid));
        next.set(identity, mark);
        if (mark !== undefined) found.get(mark)?.add(pid);
      }
      marks = next;
      for (const pids of found.values()) {
        for (let before = -1; before !== pids.size;) {
          before = pids.size;
          for (const entry of all) if (pids.has(entry.parentPid)) pids.add(entry.pid);
        }
      }
      return found;
    },
    children(pid: number): number[] {
      const text = readProc(`/proc/${pid}/task/${pid}/children`) ?? '';
      return text
        .split(' ')
        .filter((word) => word !== '')
        .map(Number);
    },
  };
}
