import { closeSync, fstatSync, ftruncateSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A clock that counts in seconds is not waited for. */
const patienceMs = 50;

/** The clock that files have, in milliseconds UTC. */
export interface FileClock {
  /** What a file that is written now bears. */
  now(): number;
  /**
   * Resolves when a file that is written now bears another millisecond than `before`, to that millisecond. Systems give files the time
   * of a clock that stands still for up to 10 ms, and several of them the same one: who tells files by their times has to wait for its
   * next tick. Where the clock was set back there is none to wait for.
   */
  after(before: number): Promise<number>;
  close(): void;
}

/** @param path an empty file of the engine's own. */
export function createFileClock(path: string): FileClock {
  let file: number | undefined;

  function now(): number {
    file ??= openSync(path, 'a', 0o600);
    ftruncateSync(file, 0);
    return Math.floor(fstatSync(file).mtimeMs);
  }

  return {
    now,
    async after(before) {
      for (const until = performance.now() + patienceMs; ; await sleep(1)) {
        const time = now();
        if (time !== before || performance.now() > until) return time;
      }
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
