import { setTimeout as sleep } from 'node:timers/promises';

/** How fast bytes go out, and a bell for those who look on. It costs nothing while nobody looks. */
export interface ProgressFeed {
  sent(bytes: number): void;
  /** Something is otherwise than before. */
  changed(): void;
  bytesPerSecond(): number;
  /** Yields at once, and then when something changed: at most twice a second, and at least so often while bytes go out. */
  follow(signal: AbortSignal): AsyncGenerator<string>;
  close(): void;
}

const beatMs = 500;
/** Over so long the speed is taken, in ms. */
const windowMs = 5000;

export function createProgressFeed(now: () => number): ProgressFeed {
  let version = 0;
  const waiters: (() => void)[] = [];
  let samples: { at: number; bytes: number }[] = [];
  const closing = new AbortController();
  const ring = () => {
    version++;
    for (const wake of waiters.splice(0)) wake();
  };
  const recent = () => {
    const from = now() - windowMs;
    samples = samples.filter(({ at }) => at >= from);
    return samples;
  };
  return {
    sent(bytes) {
      const last = samples.at(-1);
      const at = now();
      if (last !== undefined && at - last.at < 100) last.bytes += bytes;
      else {
        if (samples.length > 100) recent();
        samples.push({ at, bytes });
      }
      if (waiters.length > 0) ring();
    },
    changed: ring,
    bytesPerSecond() {
      const [first] = recent();
      if (first === undefined) return 0;
      const elapsedMs = Math.max(beatMs, now() - first.at);
      return Math.round((samples.reduce((sum, { bytes }) => sum + bytes, 0) / elapsedMs) * 1000);
    },
    async *follow(signal) {
      const ended = AbortSignal.any([signal, closing.signal]);
      const stop = () => ring();
      ended.addEventListener('abort', stop, { once: true });
      try {
        for (let seen = -1; !ended.aborted;) {
          if (seen === version) {
            await new Promise<void>((resolve) => waiters.push(resolve));
            continue;
          }
          seen = version;
          yield String(seen);
          await sleep(beatMs, undefined, { signal: ended }).catch(() => undefined);
        }
      } finally {
        ended.removeEventListener('abort', stop);
      }
    },
    close: () => closing.abort(),
  };
}
