import { setTimeout as pause } from 'node:timers/promises';
import type { Objects } from './objects.ts';

/** Packs that were found sound so long ago are read again, in milliseconds. */
const dueAfterMs = 30 * 86_400_000;
/** One that was just written is not worth it: what the system remembers of it would answer. */
const firstAfterMs = 86_400_000;
/** How often is looked what is due; at most so many packs, of 64 MiB, with a pause before each: 4 TB in thirty days. */
const lookEveryMs = 5 * 60_000;
const packsAtOnce = 8;
const pauseMs = 500;

/**
 * Reads a little of what is stored again whenever there is nothing else to do, so that each pack is seen once in thirty days. Whoever
 * needs the disk or the processor meanwhile waits for one pack at most.
 * @param isIdle asked before each pack.
 * @param onDamage told of each pack in which damage was found.
 */
export function scrubWhenIdle({
  objects,
  isIdle,
  now,
  onDamage,
  onUnexpected,
}: {
  objects: Pick<Objects, 'dueForCheck' | 'checkPack'>;
  isIdle: () => boolean;
  now: () => number;
  onDamage: (where: string) => void;
  onUnexpected: (error: unknown, where: string) => void;
}): { look(): Promise<void>; close(): Promise<void> } {
  const closing = new AbortController();
  let looking = Promise.resolve();

  async function lookOnce(): Promise<void> {
    if (!isIdle()) return;
    const due = objects.dueForCheck(
      { soundBefore: now() - dueAfterMs, writtenBefore: now() - firstAfterMs },
      packsAtOnce,
    );
    for (const pack of due) {
      await pause(pauseMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
      if (closing.signal.aborted || !isIdle()) return;
      if (!(await objects.checkPack(pack))) onDamage(`objects/packs/${pack}.pack`);
    }
  }

  const look = () =>
    (looking = looking.then(lookOnce).catch((error: unknown) => onUnexpected(error, 'reading packs again')));
  const timer = setInterval(() => void look(), lookEveryMs);
  timer.unref();
  return {
    look,
    async close() {
      clearInterval(timer);
      closing.abort();
      await looking;
    },
  };
}
