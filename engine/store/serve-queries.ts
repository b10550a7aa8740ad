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
      const value = query(db, call.input as never);
      port.postMessage({ id: call.id, value } satisfies ReaderReply, columnsOf(value));
    } catch (error) {
      post({ id: call.id, error: errorShapeOf(error) });
    }
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs > slowMs) post({ id: call.id, slow: { name: call.name, elapsedMs } });
  });
}

/** The columns of a list of rows, which are handed over instead of copied. A query makes its columns for its answer alone. */
function columnsOf(value: unknown): ArrayBuffer[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((row: unknown) =>
    typeof row === 'object' && row !== null
      ? Object.values(row).flatMap((field: unknown) =>
          field instanceof Float64Array && field.buffer instanceof ArrayBuffer ? [field.buffer] : [],
        )
      : [],
  );
}
