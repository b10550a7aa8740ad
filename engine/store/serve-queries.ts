import Database from 'better-sqlite3';
import { parentPort, workerData } from 'node:worker_threads';
import { errorShapeOf } from '../../contract/index.ts';
import type { ReaderReply } from './readers.ts';

/** A read: plain rows out, no change in. It must be bounded, since SQLite cannot be interrupted here. */
export type Query = (db: Database.Database, input: never) => unknown;
export type Queries = Readonly<Record<string, Query>>;

/** A query slower than this is reported by name, in milliseconds. */
const slowMs = 40;

/** The body of a reader thread: answers queries by name on one read-only connection until told to close. */
export function serveQueries(queries: Queries): void {
  const port = parentPort;
  if (port === null) throw new Error('serveQueries runs in a worker thread.');
  const { databasePath } = workerData as { databasePath: string };
  const db = new Database(databasePath, { readonly: true });
  db.pragma('query_only = ON');
  db.pragma('mmap_size = 268435456');
  const post = (reply: ReaderReply) => port.postMessage(reply);

  port.on('message', (call: { id: number; name: string; input: unknown } | 'close') => {
    if (call === 'close') {
      db.close();
      return port.close();
    }
    const startedAt = performance.now();
    try {
      const query = queries[call.name];
      if (query === undefined) throw new Error(`There is no query named "${call.name}".`);
      post({ id: call.id, value: query(db, call.input as never) });
    } catch (error) {
      post({ id: call.id, error: errorShapeOf(error) });
    }
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs > slowMs) post({ id: call.id, slow: { name: call.name, elapsedMs } });
  });
}
