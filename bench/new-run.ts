import type { Tracking } from '../engine/tracking/index.ts';

/** Makes a run that goes on, and gives its id. */
export async function newRun(tracking: Tracking): Promise<string> {
  const run = await tracking.createRun({
    projectId: null,
    status: 'running',
    command: ['python', 'train.py'],
    workingFolder: null,
    source: 'runner',
    createdAt: Date.now(),
    startedAt: Date.now(),
  });
  return run.id;
}
