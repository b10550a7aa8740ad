import type { SharedMemory } from '../web-assembly.ts';
import { gearRoll } from './gear-roll.ts';

/** Sizes of chunks in bytes: none is smaller but the last of a file, none larger; most are near 64 KiB. */
export const minChunkBytes = 16 * 1024;
export const maxChunkBytes = 256 * 1024;

/** Up to 48 KiB a cut needs 17 zero bits, beyond it 15: so sizes gather around the middle. */
const phases = [
  { upToBytes: 48 * 1024, mask: 0xffff8000 | 0 },
  { upToBytes: maxChunkBytes, mask: 0xfffe0000 | 0 },
] as const;

/** So many bytes make the hash: those before the first place where a cut may be need not be looked at. */
const windowBytes = 32;

/** Finds where a stream is cut, however it is sliced. */
export interface Cutter {
  /** The end of the current chunk between two addresses of the memory; the next one begins there. −1 when it goes on. */
  next(from: number, end: number): number;
}

/**
 * Content-defined chunking by the Gear hash, with a minimum, a maximum and two masks (Xia and others, "FastCDC", USENIX ATC
 * 2016). The same bytes are cut in the same places wherever they stand in a file: the hash is made of the last 32 alone,
 * since each is shifted out by the 32nd after it.
 */
export function createCutter(memory: SharedMemory): Cutter {
  const gear = gearRoll(memory);
  const bytes = new Uint8Array(memory.buffer);
  const table = new Int32Array(memory.buffer, 0, 256);
  let hash = 0;
  let size = 0;

  function begin(): void {
    hash = 0;
    size = 0;
  }

  return {
    next(from, end) {
      let at = from;
      if (size < minChunkBytes) {
        const skipped = Math.min(Math.max(0, minChunkBytes - windowBytes - size), end - at);
        at += skipped;
        size += skipped;
        for (; at < end && size < minChunkBytes; at++, size++)
          hash = ((hash << 1) + (table[bytes[at] ?? 0] ?? 0)) | 0;
      }
      for (const { upToBytes, mask } of phases) {
        if (at >= end || size >= upToBytes) continue;
        const to = Math.min(end, at + upToBytes - size);
        const cut = gear.roll(at, to, mask, hash);
        if (cut !== -1) {
          begin();
          return cut;
        }
        hash = gear.hash.value;
        size += to - at;
        at = to;
      }
      if (size < maxChunkBytes) return -1;
      begin();
      return at;
    },
  };
}
