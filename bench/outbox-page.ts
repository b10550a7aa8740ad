import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { createObjects } from '../engine/objects/index.ts';
import { createSync } from '../engine/sync/index.ts';
import type { Measure } from './measure.ts';
import { elapsed } from './with-objects.ts';
import { withHome } from './with-home.ts';

const deliveries = 10_000;
const operationsOfEach = 10;
const rounds = 20;

export const outboxPage: Measure = {
  name: 'outbox-page',
  question: 'How long does a page of the outbox take that holds 100,000 operations?',
  goal: 'at most 100 ms',
  async run({ scratch }) {
    const samples: number[] = [];
    await withHome(await mkdtemp(join(scratch, 'outbox-')), async (store, _tracking, home) => {
      const objects = createObjects(home, store, Date.now);
      const sync = createSync({
        homePath: home.path,
        store,
        objects,
        records: {
          environmentOf: async () => null,
          cardOf: async () => '',
          sampleOf: async () => [],
          changeRegistry: (name, work) => store.write(name, work),
          causeOf: (reason) => ({ at: 0, who: '', via: 'benchtop', reason }),
        },
        now: Date.now,
        keychain: null,
        onUnexpected(error) {
          throw error;
        },
      });
      const call = { signal: new AbortController().signal };
      const { addTarget, outbox } = sync.handlers;
      await addTarget({ name: 'team', kind: 'mlflow', address: 'http://127.0.0.1:9', isPaused: true }, call);
      await store.write('bench', (db) => {
        const delivery = db.prepare(
          `INSERT INTO sync_delivery (target, kind, local_id, name, state, total, created_at, updated_at) VALUES (1, 'run', ?, ?, ?, ?, 1, 1)`,
        );
        const operation = db.prepare(
          `INSERT INTO sync_operation (delivery, kind, subject, detail, state, total_bytes) VALUES (?, 'file', ?, '{}', 'verified', 1000)`,
        );
        for (let number = 0; number < deliveries; number++) {
          const state = number % 100 === 0 ? 'conflict' : number < deliveries / 2 ? 'verified' : 'waiting';
          const { lastInsertRowid } = delivery.run(`${number}`, `run ${number}`, state, operationsOfEach);
          for (let each = 0; each < operationsOfEach; each++) operation.run(lastInsertRowid, `file-${each}`);
        }
      });
      let after: number | null = null;
      for (let round = -1; round < rounds; round++) {
        const page: { next: number | null }[] = [];
        const ms = await elapsed(async () =>
          page.push(await outbox({ limit: 200, ...(after === null ? {} : { after }) }, call)),
        );
        after = page[0]?.next ?? null;
        if (round >= 0) samples.push(ms);
      }
      await sync.close();
      await objects.close();
    });
    return {
      figures: [
        {
          name: 'a page of 200, with the counts of all',
          unit: 'ms',
          below: 100,
          floorIs: null,
          samples: { ours: samples },
        },
      ],
      notes: ['Pages one behind the other; each begins where the one before ended.'],
    };
  },
};
