import { setTimeout as sleep } from 'node:timers/promises';

/** Spreads bytes over time; shared by everything that goes to one target. */
export interface RateLimit {
  /** Resolves when so many bytes may go. */
  take(bytes: number, signal: AbortSignal): Promise<void>;
}

/** @param bytesPerSecond null for as much as goes. */
export function createRateLimit(bytesPerSecond: number | null): RateLimit {
  let freeAt = 0;
  return {
    async take(bytes, signal) {
      if (bytesPerSecond === null) return;
      const now = performance.now();
      freeAt = Math.max(now, freeAt) + (bytes / bytesPerSecond) * 1000;
      await sleep(freeAt - now, undefined, { signal });
    },
  };
}
