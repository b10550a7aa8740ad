import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrations } from '../migrations.ts';
import { holdHome, openStore } from '../store/index.ts';
import { queries } from './queries.ts';
import { seriesInShares } from './series-in-shares.ts';
import { createTracking } from './tracking.ts';

test('series shared out among the readers are those that one reader gives, in the same order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-shares-'));
  const home = holdHome(folder);
  const store = await openStore({
    home,
    migrations,
    readerEntry: new URL('../reader.ts', import.meta.url),
    onSlow: () => undefined,
    onDamage: () => undefined,
  });
  try {
    const tracking = createTracking(store, Date.now);
    const run = await tracking.createRun({
      projectId: null,
      status: 'finished',
      command: [],
      workingFolder: null,
      source: 'mlflow',
      createdAt: 1,
      startedAt: 1,
    });
    // Three, so that the shares differ in size; 210,000 points.
    for (const [place, key] of ['c', 'a', 'b'].entries())
      await tracking.logPoints(
        run.id,
        Array.from({ length: 70_000 }, (_, step) => ({
          key,
          step,
          timeMs: step,
          value: Math.sin(step * place),
        })),
        { origin: 'told' },
      );
    const request = { runIds: [run.id], axis: 'step', points: 100 } as const;
    const whole = await store.query(queries, 'tracking.series', request);
    expect(whole.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    expect(await seriesInShares(store, request)).toEqual(whole);
    expect(await seriesInShares(store, { ...request, keys: ['b'] })).toEqual([whole[1]]);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
