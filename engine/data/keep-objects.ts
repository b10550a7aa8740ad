import type Database from 'better-sqlite3';
import { prepared, type Store } from '../store/index.ts';

/** Stored files that data versions need, for the collector of garbage. */
export const objectReferences = ['SELECT object_id FROM data_object'] as const;

/** Rows written in one piece of work, so that nobody else waits long for the writer. */
export const rowsAtOnce = 5000;

/** Within the commit that records a version: keeps its list and, where they are few, its files. Of many it notes that they are to be kept. */
export function keepOrMark(
  db: Database.Database,
  version: string,
  { isListStored, objectIds }: { isListStored: boolean; objectIds: readonly string[] },
): void {
  const keep = prepared(db, 'INSERT OR IGNORE INTO data_object (object_id) VALUES (?)');
  if (isListStored) keep.run(version);
  if (objectIds.length > rowsAtOnce)
    prepared(db, 'INSERT OR IGNORE INTO data_unkept (version) VALUES (?)').run(version);
  else for (const objectId of objectIds) keep.run(objectId);
}

/**
 * Keeps the stored files of a version from the collector. Of a version with many of them this is done after the version was recorded
 * and marked in `data_unkept`: an engine that ends meanwhile leaves nothing half kept, the next one goes on.
 */
export async function keepObjects(
  store: Store,
  version: string,
  objectIds: readonly string[],
): Promise<void> {
  const writes: Promise<void>[] = [];
  for (let from = 0; from < objectIds.length; from += rowsAtOnce)
    writes.push(
      store.write('data.keep', (db) => {
        const insert = prepared(db, 'INSERT OR IGNORE INTO data_object (object_id) VALUES (?)');
        for (const objectId of objectIds.slice(from, from + rowsAtOnce)) insert.run(objectId);
      }),
    );
  await Promise.all(writes);
  await store.write('data.kept', (db) =>
    prepared(db, 'DELETE FROM data_unkept WHERE version = ?').run(version),
  );
}
