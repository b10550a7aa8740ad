import type { ProcessIdentity } from './process-identity.ts';
import { processesOf } from './run-mark.ts';
import { signalProcess } from './signal-process.ts';

const maxRounds = 20;

/**
 * Stops everything a run has started, so that it takes no processor until it is continued; memory stays taken. Repeated
 * until no new process turns up, since one that is not yet stopped may start others.
 */
export function stopTree(root: ProcessIdentity | null, mark: string): void {
  let known = new Set<number>();
  for (let round = 0; round < maxRounds; round++) {
    const members = processesOf(root, mark);
    for (const member of members) signalProcess(member, 'SIGSTOP');
    if (members.every((member) => known.has(member.pid))) return;
    known = new Set(members.map((member) => member.pid));
  }
}

export function continueTree(root: ProcessIdentity | null, mark: string): void {
  for (const member of processesOf(root, mark)) signalProcess(member, 'SIGCONT');
}
