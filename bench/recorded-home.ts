import type { Tracking } from '../engine/tracking/index.ts';
import { withHome } from './with-home.ts';

export const recordedRunCount = 10_000;
const callers = 64;
const pointsPerSeries = 20;

/** Fills a home with finished runs, each with four params, a tag and two series, as a year of work would leave it. */
export async function recordRuns(path: string): Promise<void> {
  await withHome(path, async (_store, tracking) => {
    let next = 0;
    const caller = async () => {
      while (next < recordedRunCount) await recordRun(tracking, next++);
    };
    await Promise.all(Array.from({ length: callers }, caller));
  });
}

async function recordRun(tracking: Tracking, number: number): Promise<void> {
  const createdAt = Date.UTC(2026, 0, 1) + number * 60_000;
  const run = await tracking.createRun({
    projectId: null,
    status: 'running',
    command: ['python', 'train.py', '--seed', String(number)],
    workingFolder: '/home/ada/flights',
    source: 'runner',
    createdAt,
    startedAt: createdAt,
    params: {
      seed: String(number),
      learning_rate: String(10 ** -(1 + (number % 4))),
      depth: String(3 + (number % 8)),
      features: number % 3 === 0 ? 'weather' : 'schedule',
    },
    tags: { stage: number % 5 === 0 ? 'final' : 'search' },
  });
  const points = Array.from({ length: pointsPerSeries }, (_, step) => {
    const loss = 1 / (1 + step + (number % 7));
    const timeMs = createdAt + step * 1000;
    return [
      { key: 'loss', step, timeMs, value: loss },
      { key: 'accuracy', step, timeMs, value: 1 - loss / 2 },
    ];
  });
  await tracking.logPoints(run.id, points.flat(), { origin: 'told' });
  await tracking.updateRun(run.id, {
    status: 'finished',
    ending: 'exit code 0',
    exitCode: 0,
    endedAt: createdAt + 30_000,
  });
}
