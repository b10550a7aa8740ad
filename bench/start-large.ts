import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { runStateById, type Tracking } from '../engine/tracking/index.ts';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';
import { newRun } from './new-run.ts';
import { missingEngine, startBareServer, startEngine } from './programs.ts';
import type { StartedProgram } from './start-program.ts';
import { withHome } from './with-home.ts';

const rounds = 5;
const runCount = 50;
const seriesEach = 10;
const pointsEach = 100_000;
const batch = 20_000;

export const startLarge: Measure = {
  name: 'start-large',
  question: 'How long does the engine take to start on a store of 50 million metric points?',
  goal: 'below 300 ms',
  async run({ root, scratch }) {
    const missing = missingEngine(root);
    if (missing !== null) return { figures: [], notes: [missing] };
    const home = await mkdtemp(join(scratch, 'large-'));
    const startedAt = performance.now();
    await withHome(home, (_store, tracking) => recordPoints(tracking));
    const filledMs = performance.now() - startedAt;
    const samples = await alternate(rounds, {
      floor: () => healthyAfter(startBareServer()),
      ours: () => healthyAfter(startEngine(root, home)),
    });
    return {
      figures: [
        {
          name: 'start on a home of 50 M points',
          unit: 'ms',
          below: 300,
          floorIs: 'a bare Node http server under the same Node',
          samples,
        },
      ],
      notes: [
        `${runCount} runs of ${seriesEach} series of ${pointsEach.toLocaleString('en')} points; recording them took ${(filledMs / 1000).toFixed(0)} s.`,
      ],
    };
  },
};

async function recordPoints(tracking: Tracking): Promise<void> {
  for (let number = 0; number < runCount; number++) {
    const runId = await newRun(tracking);
    for (let from = 0; from < pointsEach; from += batch) {
      const steps = Float64Array.from({ length: batch * seriesEach }, (_, index) => from + (index % batch));
      const columns = {
        steps,
        times: steps.map((step) => Date.UTC(2026, 0, 1) + step * 40),
        values: steps.map((step) => Math.sin(step * 12.9898)),
      };
      const keys = Array.from({ length: seriesEach }, (_, index) => `layer.${index}.norm`);
      const starts = Uint32Array.from({ length: seriesEach + 1 }, (_, index) => index * batch);
      await tracking.recordPoints('bench', (db) => {
        const run = runStateById(db, runId);
        if (run === undefined) throw new Error('The run is gone.');
        return { run, batch: { keys, starts, columns }, origin: 'told' };
      });
    }
  }
}

async function healthyAfter(starting: Promise<StartedProgram>): Promise<number> {
  const program = await starting;
  await program.stop();
  return program.healthyAfterMs;
}
