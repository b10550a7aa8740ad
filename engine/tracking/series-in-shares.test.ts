import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHome } from '../fixture-home.ts';
import type { Store } from '../store/index.ts';
import { queries } from './queries.ts';
import { seriesInShares } from './series-in-shares.ts';
import { createTracking, type Tracking } from './tracking.ts';

let folder: string;
let store: Store;
let close: () => Promise<void>;
let tracking: Tracking;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-shares-'));
  ({ store, close } = await openHome(folder));
  tracking = createTracking(store, Date.now);
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

/** A run with so many points of each key; times go back now and then, some steps have two points. */
async function runWith(keys: readonly string[], count: number): Promise<string> {
  const run = await tracking.createRun({
    projectId: null,
    status: 'finished',
    command: [],
    workingFolder: null,
    source: 'mlflow',
    createdAt: 1,
    startedAt: 1,
  });
  for (const [place, key] of keys.entries())
    await tracking.logPoints(
      run.id,
      Array.from({ length: count }, (_, index) => ({
        key,
        step: Math.floor(index / 2),
        timeMs: index * 10 + ((index * 7919) % 50),
        value: index === 123_457 ? Number.NaN : Math.sin(index * (place + 1)),
      })),
      { origin: 'told' },
    );
  return run.id;
}

test('several series shared out among the readers are those that one reader gives, in the same order', async () => {
  // Three, so that the shares differ in size.
  const request = { runIds: [await runWith(['c', 'a', 'b'], 70_000)], axis: 'step', points: 100 } as const;
  const whole = await store.query(queries, 'tracking.series', request);
  expect(whole.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  expect(await seriesInShares(store, request)).toEqual(whole);
  expect(await seriesInShares(store, { ...request, keys: ['b'] })).toEqual([whole[1]]);
});

test('the halves of one long series are what one reader gives of the whole', async () => {
  const runIds = [await runWith(['loss'], 210_000)];
  for (const axis of ['step', 'time'] as const)
    for (const points of [1, 100, 333, 1000]) {
      const request = { runIds, axis, points };
      const whole = await store.query(queries, 'tracking.series', request);
      expect(whole[0]?.values.some(Number.isNaN)).toBe(true);
      expect(await seriesInShares(store, request), `${axis}, ${points}`).toEqual(whole);
    }
});
