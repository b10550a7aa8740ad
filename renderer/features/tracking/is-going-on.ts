import type { Run } from '../../../contract/index.ts';

/** True until the run has ended, in whichever way. */
export function isGoingOn(run: Pick<Run, 'status'>): boolean {
  return run.status === 'running' || run.status === 'queued';
}
