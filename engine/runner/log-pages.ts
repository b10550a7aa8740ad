import { open, stat } from 'node:fs/promises';
import {
  BenchtopError,
  type LogFinds,
  type LogPage,
  type LogPattern,
  type RoomHandlers,
  type StreamItem,
} from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';
import { checkPattern, searchLog } from './log-search/search-log.ts';
import type { RunFolder } from './run-folder.ts';

const pageBytes = 256 * 1024;
/** More places than anybody walks through; 8 MB in the window. */
const findsAtMost = 1_000_000;

/** The console output of runs, live or over. `changed` resolves when there may be more; `isLive` while a run goes on. */
export function logHandlers(options: {
  folderOf: (runId: string) => RunFolder;
  isLive: (runId: string) => boolean;
  /** Asked of one without a log. */
  hasPrintedNothing: (runId: string) => boolean;
  changed: (runId: string, signal: AbortSignal) => Promise<void>;
}): Pick<RoomHandlers<'runner'>, 'log' | 'followLog' | 'searchLog'> {
  const { folderOf, isLive, hasPrintedNothing, changed } = options;

  /** In bytes; 0 of a run that waits for its turn, too. @throws {BenchtopError} `not-found` where there is no log. */
  async function sizeOf(runId: string, wasLive: boolean): Promise<number> {
    try {
      return (await stat(folderOf(runId).log)).size;
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (wasLive || hasPrintedNothing(runId)) return 0;
      throw noOutput(runId);
    }
  }

  async function page(runId: string, offset: number, limit: number): Promise<LogPage> {
    // Asked before the length: what ends in between is told at the next look.
    const wasLive = isLive(runId);
    const path = folderOf(runId).log;
    const sizeBytes = await sizeOf(runId, wasLive);
    if (sizeBytes === 0) return { bytes: new Uint8Array(0), offset: 0, sizeBytes, isComplete: !wasLive };
    const from = offset < 0 ? Math.max(0, sizeBytes + offset) : Math.min(offset, sizeBytes);
    const bytes = new Uint8Array(Math.min(limit, sizeBytes - from));
    const file = await open(path, 'r');
    try {
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
      return { bytes: bytes.slice(0, bytesRead), offset: from, sizeBytes, isComplete: !wasLive };
    } finally {
      await file.close();
    }
  }

  async function* follow(
    runId: string,
    from: number,
    signal: AbortSignal,
  ): AsyncGenerator<StreamItem<LogPage>> {
    for (let offset = from; !signal.aborted;) {
      // Listening begins before looking, so that nothing is missed in between.
      const more = changed(runId, signal);
      const next = await page(runId, offset, pageBytes);
      // The program has emptied its log: what is in it now was printed since.
      if (next.sizeBytes < offset) {
        offset = 0;
        continue;
      }
      offset = next.offset + next.bytes.length;
      const isAll = next.isComplete && offset >= next.sizeBytes;
      if (next.bytes.length > 0 || isAll) {
        yield { cursor: String(offset), event: { ...next, isComplete: isAll } };
      }
      if (isAll) return;
      if (offset >= next.sizeBytes) await more;
    }
  }

  async function* search(
    runId: string,
    pattern: LogPattern,
    from: number,
    signal: AbortSignal,
  ): AsyncGenerator<StreamItem<LogFinds>> {
    if ((await sizeOf(runId, isLive(runId))) > 0) {
      const { log: path } = folderOf(runId);
      yield* searchLog({ path, pattern, from, offsetsAtMost: findsAtMost }, signal);
      return;
    }
    checkPattern(pattern);
    const nothing = { offsets: new Float64Array(0), count: 0, searchedTo: 0, sizeBytes: 0, isComplete: true };
    yield { cursor: '0', event: nothing };
  }

  return {
    log: ({ runId, offset, limit }) => page(runId, offset, limit),
    followLog: ({ runId, offset }, { after, signal }) =>
      follow(runId, after === undefined ? offset : Number(after), signal),
    searchLog: ({ runId, from, ...pattern }, { after, signal }) =>
      search(runId, pattern, after === undefined ? from : Number(after), signal),
  };
}

const noOutput = (runId: string) =>
  new BenchtopError({
    code: 'not-found',
    what: `Run ${runId} has no console output here.`,
    next: 'Only runs that Benchtop started have one.',
  });
