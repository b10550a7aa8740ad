import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { openHome } from './fixture-home.ts';
import { createTracking } from './tracking/index.ts';

/**
 * The program that the crash test kills: records runs, points and tags in four lanes as fast as it can, on the home given as
 * argument, and prints each acknowledgement as a line of JSON, at once.
 */
// Killed, it would leave its compiled code to none of those that come after it.
flushCompileCache();
const { store } = await openHome(process.argv[2] ?? '');
const tracking = createTracking(store, Date.now);
const acknowledge = (what: object) => writeSync(1, `${JSON.stringify(what)}\n`);

async function lane(number: number): Promise<never> {
  for (;;) {
    const run = await tracking.createRun({
      projectId: null,
      status: 'running',
      command: ['x'],
      workingFolder: null,
      source: 'runner',
      createdAt: Date.now(),
      startedAt: null,
      params: { lane: String(number) },
    });
    acknowledge({ run: run.id });
    for (let step = 0; step < 20; step++) {
      const points = Array.from({ length: 1 + (step % 7) * 10 }, (_, index) => ({
        key: `k${index % 3}`,
        step: step * 100 + index,
        timeMs: 1000 + step,
        value: Math.random(),
      }));
      await tracking.logPoints(run.id, points, { origin: 'told' });
      acknowledge({ run: run.id, points: points.length });
    }
    await tracking.setTags(run.id, { done: 'yes' });
    acknowledge({ run: run.id, done: true });
  }
}

await Promise.all([0, 1, 2, 3].map(lane));
