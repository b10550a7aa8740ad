import Database from 'better-sqlite3';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tracking } from '../engine/tracking/index.ts';
import type { Measure } from './measure.ts';
import { newRun } from './new-run.ts';
import { withHome } from './with-home.ts';

const singles = 10_000;
const singlesAtOnce = 50;
const sealedPoints = 400_000;
const batch = 1000;
const sealMs = 4000;
const firstTime = Date.UTC(2026, 0, 1);

export const pointBytes: Measure = {
  name: 'point-bytes',
  question: 'How many bytes of the store does a metric point take?',
  goal: 'at most 30 while it is hot, also when it was logged alone, and 12 when sealed; MLflow takes 235',
  async run({ scratch }) {
    const path = await mkdtemp(join(scratch, 'bytes-'));
    return withHome(path, async (store, tracking) => {
      // A connection of its own: reading through the store would put the points into their series first.
      const db = new Database(join(path, 'benchtop.db'), { readonly: true });
      const bytesOf = (table: string) =>
        db.prepare('SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = ?').pluck().get(table) as number;
      try {
        const run = await newRun(tracking);
        await logSingles(tracking, run);
        const hot = bytesOf('intake') / singles;
        const long = await newRun(tracking);
        for (let from = 0; from < sealedPoints; from += batch)
          await tracking.logPoints(long, pointsFrom('loss', from, batch), { origin: 'told' });
        store.now(() => null);
        await sleep(sealMs);
        store.now(() => null);
        const sealed = bytesOf('segment') / (sealedPoints + singles);
        return {
          figures: [
            { name: 'hot, each logged alone', unit: 'B', below: 30, floorIs: null, samples: { ours: [hot] } },
            { name: 'sealed', unit: 'B', below: 12, floorIs: null, samples: { ours: [sealed] } },
          ],
          notes: [
            'Whole pages of the tables, by dbstat. Values are noise that no float32 holds, times are irregular; 24 bytes are the numbers alone.',
          ],
        };
      } finally {
        db.close();
      }
    });
  },
};

async function logSingles(tracking: Tracking, run: string): Promise<void> {
  for (let from = 0; from < singles; from += singlesAtOnce)
    await Promise.all(
      pointsFrom('loss', from, singlesAtOnce).map((point) =>
        tracking.logPoints(run, [point], { origin: 'told' }),
      ),
    );
}

const pointsFrom = (key: string, from: number, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const step = from + index;
    return {
      key,
      step,
      timeMs: firstTime + step * 40 + ((step * 7919) % 13),
      value: Math.sin(step * 12.9898),
    };
  });
