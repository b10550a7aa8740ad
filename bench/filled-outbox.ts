import type { Store } from '../engine/store/index.ts';
import type { Sync } from '../engine/sync/index.ts';
import { withSync } from './with-sync.ts';

const operationCount = 100_000;
const operationsOfEach = 10;

/** Where nobody listens: a connection is refused at once. */
const nowhere = 'http://127.0.0.1:9';

/** Opens a home whose outbox holds `operationCount` operations for a target that is away, and closes it after the work. */
export async function withFilledOutbox(
  homePath: string,
  stateOf: (delivery: number, of: number) => 'conflict' | 'verified' | 'waiting',
  { isPaused }: { isPaused: boolean },
  work: (handlers: Sync['handlers']) => Promise<void>,
): Promise<void> {
  await withSync(homePath, async (handlers, store) => {
    const call = { signal: new AbortController().signal };
    await handlers.addTarget({ name: 'team', kind: 'mlflow', address: nowhere, isPaused }, call);
    await fill(store, stateOf);
    await work(handlers);
  });
}

const fill = (store: Store, stateOf: (delivery: number, of: number) => string): Promise<void> =>
  store.write('bench', (db) => {
    const deliveries = operationCount / operationsOfEach;
    const delivery = db.prepare(
      `INSERT INTO sync_delivery (target, kind, local_id, name, state, total, created_at, updated_at) VALUES (1, 'run', ?, ?, ?, ?, 1, 1)`,
    );
    const operation = db.prepare(
      `INSERT INTO sync_operation (delivery, kind, subject, detail, state, total_bytes) VALUES (?, 'file', ?, '{}', ?, 1000)`,
    );
    for (let number = 0; number < deliveries; number++) {
      const state = stateOf(number, deliveries);
      const { lastInsertRowid } = delivery.run(`${number}`, `run ${number}`, state, operationsOfEach);
      for (let each = 0; each < operationsOfEach; each++)
        operation.run(lastInsertRowid, `file-${each}`, state === 'waiting' ? 'waiting' : 'verified');
    }
  });
