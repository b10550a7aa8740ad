import { randomBytes } from 'node:crypto';
import type { StreamItem } from '../../contract/index.ts';

/** Published events with numbers, kept for a while, so that a reader whose link broke misses nothing. */
export interface Feed<T> {
  publish(event: T): void;
  /**
   * Events published after the cursor, then whatever comes: at once, but no sooner than a pause after what came before. What gathered
   * meanwhile, or while the reader was busy, is handed over as one batch. A cursor too old, or of an engine before this one, yields a batch of null: "events were missed".
   */
  follow(
    after: string | undefined,
    signal: AbortSignal,
    pauseMs?: number,
  ): AsyncIterable<StreamItem<T[] | null>>;
}

/**
 * @param capacity what the events kept may weigh together; the newest one is kept in any case.
 * @param weightOf one an event unless told otherwise.
 */
export function createFeed<T>(capacity: number, weightOf: (event: T) => number = () => 1): Feed<T> {
  // The epoch tells cursors of this process from those of the engine before it.
  const epoch = randomBytes(4).toString('hex');
  const kept: T[] = [];
  let weight = 0;
  let published = 0;
  let waiters: (() => void)[] = [];

  const cursorAt = (position: number) => `${epoch}:${position}`;

  async function* follow(
    after: string | undefined,
    signal: AbortSignal,
    pauseMs = 0,
  ): AsyncGenerator<StreamItem<T[] | null>> {
    let position = published;
    let readyAt = 0;
    if (after !== undefined) {
      const [ofEpoch, number] = after.split(':');
      position = Number(number);
      if (ofEpoch !== epoch || !(position >= published - kept.length && position <= published)) {
        position = published;
        yield { cursor: cursorAt(position), event: null };
      }
    }
    while (!signal.aborted) {
      if (position === published) await nextPublication(signal);
      if (signal.aborted) return;
      const restMs = readyAt - performance.now();
      if (restMs > 0) await pause(restMs, signal);
      readyAt = performance.now() + pauseMs;
      if (position < published - kept.length) {
        position = published;
        yield { cursor: cursorAt(position), event: null };
        continue;
      }
      const batch = kept.slice(kept.length - (published - position));
      position = published;
      if (batch.length > 0) yield { cursor: cursorAt(position), event: batch };
    }
  }

  function nextPublication(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      waiters.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  return {
    publish(event) {
      kept.push(event);
      published++;
      weight += weightOf(event);
      let outdated = 0;
      while (weight > capacity && outdated < kept.length - 1) weight -= weightOf(kept[outdated++] as T);
      if (outdated > 0) kept.splice(0, outdated);
      const woken = waiters;
      waiters = [];
      for (const wake of woken) wake();
    },
    follow,
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
