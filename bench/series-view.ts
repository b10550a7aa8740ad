import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { bucketsBetween, createM4, type Tracking } from '../engine/tracking/index.ts';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';
import { newRun } from './new-run.ts';
import { withHome } from './with-home.ts';

const rounds = 9;
const width = 1000;
const longPoints = 1_000_000;
const spikeStep = 617_003;
const spike = 14.5;
const manySeries = 100;
const manyPoints = 10_000;
const batchSize = 1000;
const firstTime = Date.UTC(2026, 0, 1);

export const seriesView: Measure = {
  name: 'series-view',
  question: `How long until a chart of ${width.toLocaleString('en')} pixels has its series from the store?`,
  goal: 'one series of 1 M points ≤ 20 ms, 100 series of 10 k ≤ 50 ms, a spike of one step present',
  async run({ scratch }) {
    return withHome(await mkdtemp(join(scratch, 'series-')), async (_store, tracking) => {
      const long = await newRun(tracking);
      for (let from = 0; from < longPoints; from += batchSize)
        await tracking.logPoints(long, pointsFrom(['loss'], from), { origin: 'told' });
      const many = await newRun(tracking);
      const keys = Array.from({ length: manySeries }, (_, number) => `layer.${number}.norm`);
      for (let from = 0; from < manyPoints; from += batchSize / manySeries)
        await tracking.logPoints(many, pointsFrom(keys, from, batchSize / manySeries), { origin: 'told' });
      // The first reading puts everything in its place.
      await view(tracking, long, 'step');
      await sealed();
      const floor = async () => scanned(longPoints);
      const [byStep, byTime, several] = [
        await alternate(rounds, { floor, ours: () => view(tracking, long, 'step', true) }),
        await alternate(rounds, { floor, ours: () => view(tracking, long, 'time', true) }),
        await alternate(rounds, { floor, ours: () => view(tracking, many, 'step') }),
      ];
      const zoomed = await alternate(rounds, {
        floor: async () => scanned(longPoints / 10),
        ours: () => view(tracking, long, 'step', false, { from: 500_000, to: 600_000 }),
      });
      const floorIs = 'M4 over as many points that are in memory already';
      return {
        figures: [
          { name: 'one series of 1 M points, by step', unit: 'ms', below: 20, floorIs, samples: byStep },
          { name: 'one series of 1 M points, by time', unit: 'ms', below: 20, floorIs, samples: byTime },
          { name: '100 series of 10 k points, by step', unit: 'ms', below: 50, floorIs, samples: several },
          { name: 'a tenth of 1 M points (zoomed in)', unit: 'ms', below: 20, floorIs, samples: zoomed },
        ],
        notes: [
          'From the question to the answer of the reader threads, as the window asks; every answer is checked for the spike.',
          'Values are noise, which no float32 holds; steps are regular, times are not.',
        ],
      };
    });
  },
};

/** Milliseconds for one answer. @throws when the planted spike is not in it. */
async function view(
  tracking: Tracking,
  runId: string,
  axis: 'step' | 'time',
  hasSpike = false,
  range: { from?: number; to?: number } = {},
): Promise<number> {
  const startedAt = performance.now();
  const views = await tracking.handlers.series(
    { runIds: [runId], axis, points: width, ...range },
    { signal: new AbortController().signal },
  );
  const elapsedMs = performance.now() - startedAt;
  if (hasSpike && views[0]?.values.includes(spike) !== true) throw new Error('The spike is lost.');
  return elapsedMs;
}

/** Full segments are made in the background, a few milliseconds at a time. */
const sealed = () => new Promise((resolve) => setTimeout(resolve, 5000));

let memory: { steps: Float64Array; times: Float64Array; values: Float64Array } | undefined;

function scanned(count: number): number {
  memory ??= {
    steps: Float64Array.from({ length: longPoints }, (_, step) => step),
    times: Float64Array.from({ length: longPoints }, (_, step) => timeOf(step)),
    values: Float64Array.from({ length: longPoints }, (_, step) => valueOf(step)),
  };
  const { steps, times, values } = memory;
  const startedAt = performance.now();
  const m4 = createM4('step', bucketsBetween(0, count - 1, width));
  m4.addPoints({
    steps: steps.subarray(0, count),
    times: times.subarray(0, count),
    values: values.subarray(0, count),
  });
  m4.result();
  return performance.now() - startedAt;
}

const timeOf = (step: number): number => firstTime + step * 40 + ((step * 7919) % 13);
const valueOf = (step: number): number =>
  step === spikeStep ? spike : 1 / (1 + step / 1000) + Math.sin(step * 12.9898) / 10;

function pointsFrom(keys: readonly string[], from: number, steps = batchSize) {
  return Array.from({ length: steps }, (_, index) => from + index).flatMap((step) =>
    keys.map((key) => ({ key, step, timeMs: timeOf(step), value: valueOf(step) })),
  );
}
