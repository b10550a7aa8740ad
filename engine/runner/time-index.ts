import { open, type FileHandle } from 'node:fs/promises';

/** Bytes of a record: two little-endian float64, `offset` and `timeMs`. */
const recordBytes = 16;
/** A jump of more than this between two looks at the log means that nobody was looking. */
const gapMs = 2000;
/** A gap is filled with so many records at most; a finer guess would not be a better one. */
const gapRecords = 1000;

/**
 * Which part of a log was written when: "the bytes before `offset` were written by `timeMs`", in the order of both.
 * On disk (and flushed) before anything that is derived from it, so reading a log again gives every line the same time.
 */
export interface TimeIndex {
  /** Notes that the log is `sizeBytes` long and was last written at `timeMs` (the file's mtime). */
  grow(sizeBytes: number, timeMs: number): Promise<void>;
  /** Milliseconds UTC at which the byte at `offset` was written. */
  timeAt(offset: number): number;
  /** Begins anew with a log that was emptied; what comes is no older than what was there. */
  restart(): Promise<void>;
  /** When nobody was looking, and times had to be spread evenly over what had been written meanwhile. */
  readonly estimated: readonly { from: number; to: number }[];
  close(): Promise<void>;
}

/** Opens or makes the index of a log that began at `startedAt` (milliseconds UTC). */
export async function openTimeIndex(path: string, startedAt: number): Promise<TimeIndex> {
  const file = await open(path, 'a+', 0o600);
  const offsets: number[] = [];
  const times: number[] = [];
  const estimated: { from: number; to: number }[] = [];
  await load(file, offsets, times);
  let isFirstLook = true;
  let notBefore = startedAt;
  // A reader walks forward: the last answer is where the next search begins.
  let cursor = 0;

  return {
    async grow(sizeBytes, timeMs) {
      const knownBytes = offsets.at(-1) ?? 0;
      const knownTime = times.at(-1) ?? notBefore;
      const isFirst = isFirstLook;
      isFirstLook = false;
      if (sizeBytes <= knownBytes) return;
      const time = Math.max(Math.round(timeMs), knownTime);
      const wasAway = isFirst && time - knownTime > gapMs;
      const parts = wasAway ? Math.min(gapRecords, sizeBytes - knownBytes) : 1;
      const added = new Float64Array(parts * 2);
      for (let part = 1; part <= parts; part++) {
        const offset = knownBytes + Math.round(((sizeBytes - knownBytes) * part) / parts);
        const at = knownTime + Math.round(((time - knownTime) * part) / parts);
        added.set([offset, at], (part - 1) * 2);
        offsets.push(offset);
        times.push(at);
      }
      if (wasAway) estimated.push({ from: knownTime, to: time });
      await file.appendFile(new Uint8Array(added.buffer));
      await file.datasync();
    },
    async restart() {
      notBefore = times.at(-1) ?? notBefore;
      offsets.length = 0;
      times.length = 0;
      cursor = 0;
      await file.truncate(0);
    },
    timeAt(offset) {
      if (cursor > 0 && (offsets[cursor - 1] ?? 0) > offset) cursor = 0;
      if (cursor === 0) cursor = firstAfter(offsets, offset);
      while (cursor < offsets.length && (offsets[cursor] ?? Infinity) <= offset) cursor++;
      return times[cursor] ?? times.at(-1) ?? startedAt;
    },
    estimated,
    close: () => file.close(),
  };
}

async function load(file: FileHandle, offsets: number[], times: number[]): Promise<void> {
  const bytes = await file.readFile();
  // A power failure may have cut the last record short.
  const whole = Math.floor(bytes.length / recordBytes);
  if (whole * recordBytes !== bytes.length) await file.truncate(whole * recordBytes);
  for (let record = 0; record < whole; record++) {
    offsets.push(bytes.readDoubleLE(record * recordBytes));
    times.push(bytes.readDoubleLE(record * recordBytes + 8));
  }
}

/** Index of the first record whose bytes include the one at `offset`. */
function firstAfter(offsets: readonly number[], offset: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
