import { Worker } from 'node:worker_threads';
import { BenchtopError, type LogFinds, type LogPattern, type StreamItem } from '../../../contract/index.ts';
import { lineSearch } from './line-search.ts';
import type { SearchNews, SearchTask } from './search-worker.ts';

/**
 * Searches a file in a thread of its own, so that neither its size nor a costly expression keeps the engine from anything.
 * Whoever leaves ends the thread.
 *
 * @throws {BenchtopError} `invalid-input` for a pattern that cannot be read.
 */
export async function* searchLog(
  task: SearchTask,
  signal: AbortSignal,
): AsyncGenerator<StreamItem<LogFinds>> {
  checkPattern(task.pattern);
  const worker = new Worker(new URL('./search-worker.ts', import.meta.url), { workerData: task });
  const arrived: SearchNews[] = [];
  const failures: Error[] = [];
  let isOver = false;
  let wake = Promise.withResolvers<void>();
  const look = () => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  worker.on('message', (news: SearchNews) => {
    arrived.push(news);
    look();
  });
  worker.on('error', (error) => {
    failures.push(error instanceof Error ? error : new Error(String(error)));
    look();
  });
  worker.on('exit', () => {
    isOver = true;
    look();
  });
  signal.addEventListener('abort', look);
  try {
    while (!signal.aborted) {
      const news = arrived.shift();
      if (news === undefined) {
        const [failure] = failures;
        if (failure !== undefined) throw failure;
        if (isOver) return;
        await wake.promise;
        continue;
      }
      yield { cursor: String(news.searchedTo), event: news };
      if (news.isComplete) return;
    }
  } finally {
    signal.removeEventListener('abort', look);
    await worker.terminate();
  }
}

/** @throws {BenchtopError} `invalid-input` for a pattern that cannot be read. */
export function checkPattern(pattern: LogPattern): void {
  try {
    lineSearch(pattern);
  } catch (cause) {
    throw new BenchtopError(
      {
        code: 'invalid-input',
        what: `The expression "${pattern.text}" was not understood.`,
        evidence: cause instanceof Error ? cause.message : String(cause),
        next: 'It is a regular expression as in JavaScript; put a backslash before . * + ? ( ) [ ] { } | ^ $ to mean the sign itself.',
      },
      { cause },
    );
  }
}
