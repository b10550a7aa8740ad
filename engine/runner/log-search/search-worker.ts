import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { LogPattern } from '../../../contract/index.ts';
import { lineSearch } from './line-search.ts';

/** What the thread is given. */
export interface SearchTask {
  readonly path: string;
  readonly pattern: LogPattern;
  /** A line begins there. */
  readonly from: number;
  readonly offsetsAtMost: number;
}

/** What it tells, several times; `isComplete` with the last. */
export interface SearchNews {
  /** Where lines with a find begin, since the news before. */
  readonly offsets: Float64Array<ArrayBuffer>;
  /** Lines with a find since the news before, also those beyond `offsetsAtMost`. */
  readonly count: number;
  /** Everything before is searched: the place to go on from when the log has grown. */
  readonly searchedTo: number;
  readonly sizeBytes: number;
  readonly isComplete: boolean;
}

const chunkBytes = 4 * 1024 * 1024;
/** A line longer than this is searched in parts. */
const longestLineBytes = 16 * 1024 * 1024;
const newsEveryMs = 60;
const newline = 0x0a;

// The thread of one search. It is ended from outside when nobody wants its answer any more, in mid-expression too. It imports
// little, because every search starts one.
const port = parentPort;
if (port === null) throw new Error('search-worker runs in a worker thread.');
search(workerData as SearchTask, (news) => port.postMessage(news, [news.offsets.buffer]));

function search({ path, pattern, from, offsetsAtMost }: SearchTask, tell: (news: SearchNews) => void): void {
  const look = lineSearch(pattern);
  const file = openSync(path, 'r');
  try {
    const sizeBytes = fstatSync(file).size;
    let buffer = Buffer.allocUnsafe(Math.max(1, Math.min(chunkBytes, sizeBytes - from)));
    /** Bytes at the front of the buffer whose line is not whole yet. */
    let kept = 0;
    let start = from;
    let count = 0;
    let told = 0;
    let offsets: number[] = [];
    let lineStart = from;
    let toldAt = performance.now();
    let last = -1;
    const found = (at: number) => {
      const offset = at === 0 ? lineStart : start + at;
      if (offset === last) return;
      last = offset;
      count++;
      if (told + offsets.length < offsetsAtMost) offsets.push(offset);
    };
    for (;;) {
      const read = readSync(
        file,
        buffer,
        kept,
        Math.min(buffer.length - kept, sizeBytes - start - kept),
        start + kept,
      );
      const filled = kept + read;
      const isLast = read === 0 || start + filled >= sizeBytes;
      const lineEnd = buffer.subarray(0, filled).lastIndexOf(newline) + 1;
      if (lineEnd === 0 && !isLast && filled < longestLineBytes) {
        const larger = Buffer.allocUnsafe(Math.min(buffer.length * 2, longestLineBytes));
        buffer.copy(larger, 0, 0, filled);
        buffer = larger;
        kept = filled;
        continue;
      }
      const end = isLast || lineEnd === 0 ? filled : lineEnd;
      look(buffer.subarray(0, end), found);
      // A part of a line that is too long belongs to the line's start.
      if (lineEnd > 0) lineStart = start + lineEnd;
      const isRestSearched = isLast && lineEnd < filled;
      buffer.copyWithin(0, end, filled);
      kept = filled - end;
      start += end;
      if (!isLast && performance.now() - toldAt < newsEveryMs) continue;
      toldAt = performance.now();
      told += offsets.length;
      const searchedTo = isRestSearched ? lineStart : start;
      tell({ offsets: Float64Array.from(offsets), count, searchedTo, sizeBytes, isComplete: isLast });
      offsets = [];
      count = 0;
      if (isLast) return;
    }
  } finally {
    closeSync(file);
  }
}
