import { Worker } from 'node:worker_threads';
import { BenchtopError, type ErrorShape, type RoomHandlers, type SqlResult } from '../../contract/index.ts';
import type { Question } from './answer-query.ts';
import { metricPoints, views } from './views.ts';

/** The user's own queries: one at a time, each in a thread that starts with the first. */
export function createSql(
  databasePath: string,
  /** Puts in its place what waits to be; the thread's own connection sees it then. */
  publish: () => void,
): { handlers: RoomHandlers<'sql'>; close(): Promise<void> } {
  let worker: Worker | undefined;
  // Shared with the thread, which looks at it while it works.
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  let last: Promise<unknown> = Promise.resolve();

  function ask(question: Question, signal: AbortSignal): Promise<SqlResult> {
    const thread = (worker ??= new Worker(new URL('./sql-worker.ts', import.meta.url), {
      workerData: { databasePath, cancelled },
    }));
    Atomics.store(cancelled, 0, 0);
    const cancel = () => Atomics.store(cancelled, 0, 1);
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel);
    return new Promise<SqlResult>((resolve, reject) => {
      const onMessage = (reply: { value: SqlResult } | { error: ErrorShape }) => {
        done();
        if ('value' in reply) resolve(reply.value);
        else reject(new BenchtopError(reply.error));
      };
      const onError = (error: unknown) => {
        done();
        worker = undefined;
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      const done = () => {
        signal.removeEventListener('abort', cancel);
        thread.off('message', onMessage).off('error', onError);
      };
      thread.on('message', onMessage).on('error', onError);
      thread.postMessage(question);
    });
  }

  return {
    handlers: {
      query(question, { signal }) {
        const answered = last.then(() => {
          publish();
          return ask(question, signal);
        });
        last = answered.catch(() => undefined);
        return answered;
      },
      views: () => [...views.map(({ name, about, columns }) => ({ name, about, columns })), metricPoints],
    },
    async close() {
      Atomics.store(cancelled, 0, 1);
      await last;
      const thread = worker;
      if (thread === undefined) return;
      const ended = new Promise((resolve) => thread.once('exit', resolve));
      thread.postMessage('close');
      await ended;
    },
  };
}
