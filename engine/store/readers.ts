import { Worker } from 'node:worker_threads';
import { BenchtopError, type ErrorShape } from '../../contract/index.ts';

/** More readers than this would triple the writer's slowest commits on two cores (measured). */
const maxReaders = 2;

/** Runs named queries in worker threads, each on its own read-only connection. */
export interface Readers {
  /** @throws {BenchtopError} what the query threw, in the one error shape. */
  query(name: string, input: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export type ReaderReply =
  | { id: number; value: unknown }
  | { id: number; error: ErrorShape }
  | { id: number; slow: { name: string; elapsedMs: number } };

interface Reader {
  readonly worker: Worker;
  readonly open: Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>;
}

/** Workers start when the first query needs them. `entry` is a module that calls `serveQueries`. */
export function createReaders(
  entry: URL,
  databasePath: string,
  onSlow: (name: string, elapsedMs: number) => void,
): Readers {
  const readers: Reader[] = [];
  let nextId = 1;

  function start(): Reader {
    const reader: Reader = { worker: new Worker(entry, { workerData: { databasePath } }), open: new Map() };
    reader.worker.on('message', (reply: ReaderReply) => {
      if ('slow' in reply) return onSlow(reply.slow.name, reply.slow.elapsedMs);
      const call = reader.open.get(reply.id);
      reader.open.delete(reply.id);
      if ('error' in reply) call?.reject(new BenchtopError(reply.error));
      else call?.resolve(reply.value);
    });
    const lost = (error: unknown) => {
      readers.splice(readers.indexOf(reader), 1);
      for (const call of reader.open.values()) call.reject(error);
      reader.open.clear();
    };
    reader.worker.on('error', lost);
    reader.worker.on('exit', () => {
      if (readers.includes(reader)) lost(new Error('A reader of the store ended.'));
    });
    readers.push(reader);
    return reader;
  }

  function leastBusy(): Reader {
    const idle = readers.find((reader) => reader.open.size === 0);
    if (idle !== undefined) return idle;
    if (readers.length < maxReaders) return start();
    return readers.reduce((best, reader) => (reader.open.size < best.open.size ? reader : best));
  }

  return {
    query(name, input) {
      const reader = leastBusy();
      const id = nextId++;
      return new Promise((resolve, reject) => {
        reader.open.set(id, { resolve, reject });
        reader.worker.postMessage({ id, name, input });
      });
    },
    async close() {
      // Never terminate a reader in mid-query: it is asked to end and ends after its last answer.
      const ending = readers.map((reader) => new Promise((resolve) => reader.worker.once('exit', resolve)));
      for (const reader of readers) reader.worker.postMessage('close');
      await Promise.all(ending);
    },
  };
}
