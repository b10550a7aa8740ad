import { MessageChannel } from 'node:worker_threads';
import { BenchtopError } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import type { ChunkedFile, ReadFile } from './chunk-stream.ts';
import { isOnePiece } from './commit-objects.ts';
import type { BatchOptions, FileProblem, FileResult } from './file-batch.ts';
import { workerCount, type ObjectWorkers } from './object-workers.ts';
import { FileTrouble } from './source-file.ts';
import type { FileIdentity } from './file-identity.ts';
import { outcomes, type TakenFiles } from './take-files.ts';
import {
  addChunked,
  addWhole,
  allOrFirstError,
  commitUnsynced,
  wroteSince,
  type UnsyncedObjects,
} from './unsynced-objects.ts';

/** Files that a worker is asked for at once. */
const pathsAtOnce = 256;
/** Jobs that a worker has at once, so that it has the next one when it answers. */
const jobsAtOnce = 2;
/** Files whose rows are kept in memory before they are committed. */
const pathsInCommit = 32_768;

/**
 * The two ways into the objects for many files: stored or only hashed.
 * @param unsynced gets what is left to be committed; when it holds much already, that is committed before.
 */
export async function takePaths(
  rooms: { workers: ObjectWorkers; store: Store; now: () => number },
  unsynced: UnsyncedObjects,
  paths: readonly string[],
  isStored: boolean,
  { signal, onProgress }: BatchOptions,
): Promise<FileResult[]> {
  const { workers } = rooms;
  const results: FileResult[] = [];
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const cancel = () => Atomics.store(cancelled, 0, 1);
  const isCancelled = () => Atomics.load(cancelled, 0) === 1;
  if (signal?.aborted === true) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const progress = { files: 0, bytes: 0 };
  try {
    for (let from = 0; from < paths.length && !isCancelled(); from += pathsInCommit) {
      if (from > 0 || !isOnePiece(unsynced)) await commitUnsynced(rooms, unsynced);
      await takeGroup(from, Math.min(paths.length, from + pathsInCommit));
    }
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
  if (isCancelled()) {
    await commitUnsynced(rooms, unsynced);
    throw new BenchtopError({ code: 'cancelled', what: 'It was cancelled.' });
  }
  return results;

  async function takeGroup(from: number, to: number): Promise<void> {
    const waiting: { from: number; to: number }[] = [];
    for (let at = from; at < to; at += pathsAtOnce)
      waiting.push({ from: at, to: Math.min(to, at + pathsAtOnce) });
    const large: number[] = [];
    await allOrFirstError(
      Array.from({ length: workerCount * jobsAtOnce }, async (_, number) => {
        const worker = number % workerCount;
        for (let some = waiting.shift(); some !== undefined && !isCancelled(); some = waiting.shift()) {
          const asked = paths.slice(some.from, some.to);
          const taken = await workers.call(worker, 'take', { paths: asked, isStored });
          if (taken.count < asked.length) waiting.unshift({ from: some.from + taken.count, to: some.to });
          if (isStored) wroteSince(unsynced, worker, taken.era);
          large.push(...collect(taken, some.from));
          tellProgress(taken.count, taken.bytes);
        }
      }),
    );
    if (isStored) for (const at of large) await takeLarge(at);
    else await allOrFirstError(Array.from({ length: workerCount }, (_, worker) => hashAll(worker)));

    async function hashAll(worker: number): Promise<void> {
      for (let at = large.shift(); at !== undefined && !isCancelled(); at = large.shift()) {
        const path = paths[at] ?? '';
        keepResult(at, await workers.call(worker, 'hashLarge', { path, cancelled }).catch(asTrouble));
      }
    }
  }

  async function takeLarge(at: number): Promise<void> {
    if (isCancelled()) return;
    const { read, cut } = await cutFile(workers, paths[at] ?? '', cancelled);
    if (cut !== null) wroteSince(unsynced, 0, cut.era);
    keepResult(at, read);
    if (cut !== null && read !== null && !(read instanceof FileTrouble)) addChunked(unsynced, cut);
  }

  function keepResult(at: number, read: ReadFile | FileTrouble | null): void {
    if (read === null) return; // cancelled
    const path = paths[at] ?? '';
    if (read instanceof FileTrouble) {
      results[at] = problemOf(path, read);
      return tellProgress(1, 0);
    }
    const { objectId, sizeBytes, identity } = read;
    results[at] = { objectId, sizeBytes };
    if (identity !== null) unsynced.remembered.push({ identity, content: Buffer.from(objectId, 'hex') });
    tellProgress(1, sizeBytes);
  }

  function tellProgress(files: number, bytes: number): void {
    progress.files += files;
    progress.bytes += bytes;
    onProgress?.({ ...progress });
  }

  /** Returns the positions of files that are too large to have been taken with the others. */
  function collect(taken: TakenFiles, from: number): number[] {
    const large: number[] = [];
    const contents = Buffer.from(taken.contents.buffer);
    for (let index = 0; index < taken.count; index++) {
      const at = from + index;
      const outcome = taken.outcomes[index];
      if (outcome === outcomes.large) large.push(at);
      if (outcome === outcomes.large || outcome === outcomes.trouble) continue;
      const objectId = contents.toString('hex', index * 32, index * 32 + 32);
      const sizeBytes = taken.sizes[index] ?? 0;
      results[at] = { objectId, sizeBytes };
      const identity = identityIn(taken, index);
      if (identity !== null)
        unsynced.remembered.push({ identity, content: contents.subarray(index * 32, index * 32 + 32) });
      if (outcome === outcomes.aged) unsynced.touched.push(objectId);
      if (outcome !== outcomes.whole) continue;
      const place = { pack: taken.packs[index] ?? 0, position: taken.positions[index] ?? 0 };
      addWhole(unsynced, { objectId, sizeBytes, ...place });
    }
    unsynced.agedBlocks.push(...taken.agedBlocks);
    for (const { at, chunks, packs } of taken.chunked) {
      const objectId = contents.toString('hex', at * 32, at * 32 + 32);
      addChunked(unsynced, { objectId, sizeBytes: taken.sizes[at] ?? 0, chunks, packs });
    }
    for (const { at, ...trouble } of taken.troubles)
      results[from + at] = problemOf(paths[from + at] ?? '', trouble);
    return large;
  }
}

function identityIn({ identities }: TakenFiles, index: number): FileIdentity | null {
  const at = index * 5;
  const [device = 0, inode = 0, sizeBytes = 0, mtimeMs = 0, ctimeMs = 0] =
    identities[at + 4] === 0 ? [] : identities.subarray(at, at + 5);
  return ctimeMs === 0 ? null : { device, inode, sizeBytes, mtimeMs, ctimeMs };
}

/** One worker reads and hashes, the other cuts and appends. What is wrong with the file is an answer. */
async function cutFile(
  workers: ObjectWorkers,
  path: string,
  cancelled: Int32Array,
): Promise<{ read: ReadFile | FileTrouble | null; cut: ChunkedFile | null }> {
  const { port1, port2 } = new MessageChannel();
  const cutting = workers.call(0, 'cut', { port: port2, isRead: true }, [port2]);
  const reading = workers.call(1, 'read', { path, port: port1, cancelled }, [port1]).catch(asTrouble);
  const [cut, read] = await Promise.allSettled([cutting, reading]);
  if (cut.status === 'rejected') throw cut.reason;
  if (read.status === 'rejected') throw read.reason;
  return { read: read.value, cut: cut.value };
}

function asTrouble(error: unknown): FileTrouble {
  if (error instanceof FileTrouble) return error;
  throw error;
}

function problemOf(path: string, { problem, code }: Pick<FileTrouble, 'problem' | 'code'>): FileProblem {
  return {
    problem,
    what:
      problem === 'missing'
        ? `${path} is not there.`
        : problem === 'changed'
          ? `${path} was written to while it was read.`
          : `${path} cannot be read (${code}).`,
  };
}
