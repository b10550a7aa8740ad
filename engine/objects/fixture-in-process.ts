import Database from 'better-sqlite3';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { holdHome, openStore, storeQueries, type Store } from '../store/index.ts';
import type { FileResult } from './file-batch.ts';
import type { FileOperations } from './file-operations.ts';
import { migrations } from './migrations.ts';
import { objectJobs, type ObjectJobs } from './object-jobs.ts';
import type { ObjectRooms } from './object-rooms.ts';
import { packNumber } from './pack-format.ts';
import { takePaths } from './put-files.ts';
import { createSharedGate } from './shared-gate.ts';
import { commitUnsynced, noObjects } from './unsynced-objects.ts';
import { createWorkerContext, type WorkerContext } from './worker-context.ts';

/**
 * For tests: what the operations over objects work with, all of it in this thread: ready in milliseconds, so that one
 * can be had for every call that may fail.
 * @param onWrite called before each transaction: what it throws is what the disk said.
 */
export async function inProcess<T>(
  home: string,
  { operations, onWrite, now }: { operations: FileOperations; onWrite: () => void; now: () => number },
  work: (rooms: ObjectRooms) => Promise<T>,
): Promise<T> {
  const held = holdHome(home);
  const { objectsPath } = held;
  mkdirSync(join(objectsPath, 'packs'), { recursive: true });
  const store = await openStore({
    home: { ...held, wasUnclean: false },
    migrations: migrations.map((step, index) => ({ ...step, number: index + 1 })),
    readerEntry: new URL('./fixture-reader.ts', import.meta.url),
    onSlow: () => undefined,
    onDamage: () => undefined,
    onUnexpected: () => undefined,
  });
  const db = new Database(held.databasePath, { readonly: true });
  const packs = readdirSync(join(objectsPath, 'packs')).map((name) => packNumber(name) ?? 0);
  let next = Math.max(0, ...packs) + 1;
  const made: { context: WorkerContext; jobs: ObjectJobs }[] = [];
  const worker = () => {
    const [before] = made;
    if (before !== undefined) return before;
    const context = createWorkerContext(db, {
      operations,
      objectsPath,
      nextPack: () => next++,
      resumed: null,
    });
    const first = { context, jobs: objectJobs(context, db) };
    made.push(first);
    return first;
  };
  const failing: Store['write'] = async (name, some) => {
    onWrite();
    return store.write(name, some);
  };
  try {
    return await work({
      objectsPath,
      now,
      gate: createSharedGate(),
      starts: { isOlder: () => false, caughtUp: async () => undefined },
      store: {
        ...store,
        write: failing,
        tidy: (name, some) => failing(name, some),
        query: async () => storeQueries.quickCheck(db, null) as never,
      },
      workers: {
        call: async (_worker, name, input) => worker().jobs[name](input),
        leastBusy: () => 0,
        close: async () => undefined,
      },
    });
  } finally {
    for (const { context } of made) {
      context.reader.release();
      context.writer.close();
    }
    db.close();
    await store.close();
    held.release();
  }
}

/** Stores files as the objects do, over rooms of a test's own. @throws what the disk said. */
export async function putPaths(rooms: ObjectRooms, paths: readonly string[]): Promise<FileResult[]> {
  const unsynced = noObjects();
  const results = await takePaths(rooms, unsynced, paths, true, {});
  await commitUnsynced(rooms, unsynced);
  return results;
}
