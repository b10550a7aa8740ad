import { closeSync, fstatSync, ftruncateSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A clock that counts in seconds is not waited for. */
const patienceMs = 50;

/**
 * Resolves when a file that is written now bears a later millisecond than all that were written before the call, to that millisecond
 * (UTC). Systems give files the time of a clock that stands still for up to 10 ms, and several of them the same one: who tells files
 * by their times has to wait for its next tick. Where the clock was set back there is none to wait for.
 * @param path an empty file of the engine's own.
 */
export async function nextFileTime(path: string): Promise<number> {
  const file = openSync(path, 'w', 0o600);
  try {
    const before = touched(file);
    for (const until = performance.now() + patienceMs; ; await sleep(1)) {
      const time = touched(file);
      if (time !== before || performance.now() > until) return time;
    }
  } finally {
    closeSync(file);
  }
}

function touched(file: number): number {
  ftruncateSync(file, 0);
  return Math.floor(fstatSync(file).mtimeMs);
}
