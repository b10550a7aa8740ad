import type { RunQueueState } from '../../contract/index.ts';
import { jobOf, type LiveRun } from './live-run.ts';
import type { Needs } from './needs.ts';
import type { RunQueue } from './run-queue.ts';

/** What runs, in no order; then what waits, the next first. */
export function queueState(told: {
  live: ReadonlyMap<string, LiveRun>;
  queue: RunQueue;
  needs: Needs;
  slots: number;
  gpuCount: number;
  now: number;
}): RunQueueState {
  const { live, queue, needs, slots, gpuCount, now } = told;
  const waiting = queue.waiting();
  const running = [...live.keys()].filter((runId) => !waiting.includes(runId));
  const jobs = [...running, ...waiting].flatMap((runId) => {
    const entry = live.get(runId);
    if (entry === undefined) return [];
    const waitsFor = needs.inWords(entry.needs(), queue.waitsFor(runId));
    return jobOf(runId, entry, { place: queue.placeOf(runId), waitsFor, now }) ?? [];
  });
  return { jobs, slots, gpuCount, isHeld: queue.isHeld };
}
