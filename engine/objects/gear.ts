import type { SharedMemory } from '../web-assembly.ts';
import { contentStart, gearRoll, windowBytes } from './gear-roll.ts';

/** Sizes of chunks in bytes: none is smaller but the last of a file, none larger; most are near 64 KiB. */
export const minChunkBytes = 16 * 1024;
export const maxChunkBytes = 256 * 1024;

const greatest = 2 ** 31 - 1;
/** Up to 48 KiB one place in 2^17 is a cut, beyond it one in 2^15: so sizes gather around the middle. */
const phases = [
  { upToBytes: 48 * 1024, limit: greatest - 2 ** 15 },
  { upToBytes: maxChunkBytes, limit: greatest - 2 ** 17 },
] as const;

/** Finds where a stream is cut, however it is sliced. */
export interface Cutter {
  /** The end of the current chunk between two addresses of the memory; the next one begins there. −1 when it goes on. */
  next(from: number, end: number): number;
}

const beforeBytes = windowBytes - 1;

/**
 * Content-defined chunking in the way of Gear, with a minimum, a maximum and two thresholds (Xia and others, "FastCDC", USENIX ATC
 * 2016). The same bytes are cut in the same places wherever they stand in a file: what makes a cut is the last 128 of them alone.
 */
export function createCutter(memory: SharedMemory): Cutter {
  const gear = gearRoll(memory);
  const bytes = new Uint8Array(memory.buffer);
  /** The end of the slice before, if the chunk goes on from there; and where it and the beginning of the next are joined. */
  const ending = new Uint8Array(beforeBytes);
  const seam = contentStart - 4 * windowBytes;
  let size = 0;

  /** As `gear.find`, where the slice begins too shortly before: its beginning is joined to the end of the one before. */
  function findAtSeam(slice: number, from: number, to: number, limit: number): number {
    bytes.set(ending, seam);
    bytes.copyWithin(seam + beforeBytes, slice, to);
    const start = seam + beforeBytes - slice;
    const cut = gear.find(start + from, start + to, limit);
    return cut === -1 ? -1 : cut - start;
  }

  function keepEnding(from: number, end: number): void {
    const count = Math.min(beforeBytes, end - from);
    ending.copyWithin(0, count);
    ending.set(bytes.subarray(end - count, end), beforeBytes - count);
  }

  return {
    next(from, end) {
      const isGoingOn = size > 0;
      let at = from + Math.min(Math.max(0, minChunkBytes - size), end - from);
      size += at - from;
      for (const { upToBytes, limit } of phases) {
        while (at < end && size < upToBytes) {
          const isAtSeam = isGoingOn && at - from < beforeBytes;
          const last = Math.min(end, at + upToBytes - size);
          const to = isAtSeam ? Math.min(last, from + beforeBytes) : last;
          const cut = isAtSeam ? findAtSeam(from, at, to, limit) : gear.find(at, to, limit);
          if (cut !== -1) {
            size = 0;
            return cut;
          }
          size += to - at;
          at = to;
        }
      }
      if (size < maxChunkBytes) {
        keepEnding(from, end);
        return -1;
      }
      size = 0;
      return at;
    },
  };
}
