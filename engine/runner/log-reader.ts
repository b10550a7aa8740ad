import { open } from 'node:fs/promises';
import type { Recorder } from '../tracking/index.ts';
import { createOutputParser, eachLine, longestChunkBytes, silentShapes } from './metrics/index.ts';
import { readRecord, type RunFolder, writeRecord } from './run-folder.ts';
import { openTimeIndex } from './time-index.ts';

const chunkBytes = longestChunkBytes;
/** A line longer than this holds data, not a message; it stays in the log and is not searched for metrics. */
const longestLineBytes = 64 * 1024;
const syncEveryMs = 1000;
/** What was found is stored at least so often while a long output is read. */
const storeEveryMs = 250;
const tailBytes = 64;
const newline = 0x0a;
const carriageReturn = 0x0d;

/** Reads what a run prints into metrics. It can stop at any moment and be taken up by another engine. */
export interface LogReader {
  /** Reads all that is there now. `isEnd`: no more will come, so that the rest without a newline counts as a line. */
  read(isEnd: boolean): Promise<{ hasGrown: boolean }>;
  /** Part of the work that is done, 0 to 1, as the run itself tells it. */
  progress(): number | null;
  close(): Promise<void>;
}

/**
 * Opens the log of a run where the last reader left off. The position is saved after the points are durable, so a crash
 * makes some lines be read twice; parser state and line times are then the same, and the store drops equal points.
 */
export async function openLogReader(options: {
  runId: string;
  folder: RunFolder;
  startedAt: number;
  recorder: Recorder;
}): Promise<LogReader> {
  const { runId, folder, startedAt, recorder } = options;
  const saved = readRecord(folder, 'reader');
  const log = await open(folder.log, 'r');
  const times = await openTimeIndex(folder.times, startedAt);
  const parser = createOutputParser(saved?.parser);
  const silent = silentShapes();
  // For all chunks: a new one each time would pile up faster than it is collected.
  const buffers = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)] as const;
  let turn: 0 | 1 = 0;
  let offset = saved?.offset ?? 0;
  let tail = Buffer.from(saved?.tail ?? '', 'base64');
  let lostBytes = saved?.lostBytes ?? 0;
  let toldGaps = 0;
  let isSynced = true;
  let syncedAt = -Infinity;
  let storedAt = 0;
  const tailSeen = Buffer.alloc(tailBytes);
  const flush = createFlush(() => log.datasync());

  return {
    async read(isEnd) {
      const { size, mtimeMs } = await log.stat();
      if (await isEmptied(size)) await beginAnew();
      await times.grow(size, mtimeMs);
      if (size !== offset) isSynced = false;
      if (!isSynced && (isEnd || performance.now() - syncedAt > syncEveryMs)) {
        // Not even a power failure costs more than the last second of output, also of a program that is silent now. The disk
        // works beside the reading.
        flush.begin();
        syncedAt = performance.now();
        isSynced = true;
      }
      if (size === offset) {
        if (isEnd) await flush.done();
        return { hasGrown: false };
      }
      await tellOfGaps();
      const before = offset;
      let reading = readChunk(offset, size);
      while (offset < size) {
        const bytes = await reading;
        const from = offset;
        const end = wholeLines(bytes, isEnd && from + bytes.length >= size);
        if (end === 0) break;
        offset += end;
        tail = Buffer.from(bytes.subarray(Math.max(0, end - tailBytes), end));
        // The disk brings the next chunk while this one is parsed.
        if (offset < size) reading = readChunk(offset, size);
        parseLines(bytes, end, from);
        // A commit costs as much as reading many chunks.
        if (performance.now() - storedAt > storeEveryMs) await storeFound();
      }
      await storeFound();
      await savePosition();
      if (isEnd) await flush.done();
      return { hasGrown: offset > before };
    },
    progress: () => parser.progress(),
    async close() {
      await flush.done();
      await log.close();
      await times.close();
    },
  };

  /**
   * The program's streams are our file, so `echo … > /dev/stderr` in a script opens it anew and empties it. It may have grown
   * beyond where we were since, so that the last bytes that were read are looked at again.
   */
  async function isEmptied(size: number): Promise<boolean> {
    if (size <= offset) return size < offset;
    const { bytesRead } = await log.read(tailSeen, 0, tail.length, offset - tail.length);
    return !tailSeen.subarray(0, bytesRead).equals(tail);
  }

  /** What was read is recorded, and the rest of it gone. What is there now came after. */
  async function beginAnew(): Promise<void> {
    lostBytes += offset;
    offset = 0;
    tail = Buffer.alloc(0);
    await times.restart();
    await recorder.setTags(runId, {
      'benchtop.log': `emptied by the program itself, as "> /dev/stderr" does: at least ${lostBytes} bytes that it had printed are gone`,
    });
  }

  /** The chunk at an offset; it stays as it is until the one after the next is read. */
  function readChunk(from: number, size: number): Promise<Buffer> {
    turn = turn === 0 ? 1 : 0;
    const buffer = buffers[turn];
    const reading = log
      .read(buffer, 0, Math.min(chunkBytes, size - from), from)
      .then(({ bytesRead }) => buffer.subarray(0, bytesRead));
    // Told where it is awaited; until then something else may fail first.
    reading.catch(() => undefined);
    return reading;
  }

  function parseLines(bytes: Buffer, end: number, from: number): void {
    eachLine(bytes, end, (start, stop, shape) => {
      if (stop - start <= longestLineBytes) parse(bytes, shape, start, stop, from);
    });
  }

  function parse(bytes: Buffer, shape: number, start: number, stop: number, from: number): void {
    // Where a line speaks for itself, one of the shape of a silent one is silent too.
    const isAnywhere = parser.isAnywhere();
    if (isAnywhere && silent.has(shape)) return;
    const text = bytes.toString('utf8', start, stop);
    const speaks = parser.line(text, times.timeAt(from + start), shape);
    if (isAnywhere && !speaks) silent.add(shape);
  }

  async function storeFound(): Promise<void> {
    storedAt = performance.now();
    const { points, params } = parser.take();
    if (Object.keys(params).length > 0) await recorder.logParams(runId, params);
    if (points.length === 0) return;
    await recorder.logPoints(runId, points, { origin: 'console' });
    await savePosition();
  }

  async function savePosition(): Promise<void> {
    const position = { offset, parser: parser.state(), tail: tail.toString('base64'), lostBytes };
    await writeRecord(folder, 'reader', position, false);
  }

  async function tellOfGaps(): Promise<void> {
    const gap = times.estimated[toldGaps];
    if (gap === undefined) return;
    toldGaps++;
    const period = `${new Date(gap.from).toISOString()} to ${new Date(gap.to).toISOString()}`;
    await recorder.setTags(runId, { 'benchtop.timesEstimated': period });
  }
}

/** Work on the disk that goes on beside everything else, once at a time; what went wrong in it is thrown by `done`. */
function createFlush(work: () => Promise<void>): { begin(): void; done(): Promise<void> } {
  let underWay: Promise<void> | null = null;
  let failure: Error | null = null;
  return {
    begin() {
      underWay ??= work()
        .catch((error: unknown) => {
          failure ??= error instanceof Error ? error : new Error(String(error));
        })
        .finally(() => {
          underWay = null;
        });
    },
    async done() {
      await underWay;
      if (failure !== null) throw failure;
    },
  };
}

/**
 * How many bytes of a chunk are whole lines; all of it at the log's end, and where a line is too long to wait for. Lines end at bytes
 * that are never inside a UTF-8 character, so a cut there cannot split one.
 */
function wholeLines(bytes: Buffer, isEndOfLog: boolean): number {
  if (isEndOfLog) return bytes.length;
  const afterNewline = bytes.lastIndexOf(newline) + 1;
  const lineEnd = afterNewline + bytes.subarray(afterNewline).lastIndexOf(carriageReturn) + 1;
  if (lineEnd > 0) return lineEnd;
  return bytes.length >= longestLineBytes ? bytes.length : 0;
}
