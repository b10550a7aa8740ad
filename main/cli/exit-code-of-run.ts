import { constants } from 'node:os';
import type { Run } from '../../contract/index.ts';

/** As timeout(1) has it. */
const timeLimitCode = 124;

/**
 * The exit code that stands for a run: the command's own, 128 + the number of the signal that ended it, 124 at its time limit.
 * A run that was cut short is never a success, also when the command answered its SIGTERM with exit code 0: then 1.
 */
export function exitCodeOfRun(run: Pick<Run, 'status' | 'exitCode' | 'ending'>): number {
  if (run.status === 'finished') return 0;
  if (run.ending?.startsWith('time limit') === true) return timeLimitCode;
  if (run.exitCode !== null && run.exitCode !== 0) return run.exitCode;
  const [name] = /SIG[A-Z0-9]+/.exec(run.ending ?? '') ?? [];
  return name === undefined ? 1 : exitCodeOfSignal(name as NodeJS.Signals);
}

/** As a shell tells it; 1 for a name that this system does not know. */
export function exitCodeOfSignal(name: NodeJS.Signals): number {
  const number = constants.signals[name] as number | undefined;
  return number === undefined ? 1 : 128 + number;
}
