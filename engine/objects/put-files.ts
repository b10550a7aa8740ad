import { MessageChannel } from 'node:worker_threads';
import { BenchtopError } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import type { ChunkedFile, ReadFile } from './chunk-stream.ts';
import { commitObjects, rememberFiles, type ChunkedObject, type WholeObject } from './commit-objects.ts';
import type { BatchOptions, FileProblem, FileResult } from './file-batch.ts';
import { workerCount, type ObjectWorkers } from './object-workers.ts';
import { FileTrouble } from './source-file.ts';
import type { FileIdentity } from './file-identity.ts';
import type { RememberedFile, StatCacheBlock } from './stat-cache.ts';
import { outcomes, type TakenFiles } from './take-files.ts';

/** Files that a worker is asked for at once. */
const pathsAtOnce = 256;
/** Jobs that a worker has at once, so that it has the next one when it answers. */
const jobsAtOnce = 2;
/** Files whose rows are kept in memory before they are committed. */
const pathsInCommit = 32_768;

/** The two ways into the objects for many files: stored or only hashed. */
export async function takePaths(
  { workers, store, now }: { workers: ObjectWorkers; store: Store; now: () => number },
  paths: readonly string[],
  isStored: boolean,
  { signal, onProgress }: BatchOptions,
): Promise<FileResult[]> {
  const results: FileResult[] = [];
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const cancel = () => Atomics.store(cancelled, 0, 1);
  const isCancelled = () => Atomics.load(cancelled, 0) === 1;
  if (signal?.aborted === true) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const progress = { files: 0, bytes: 0 };
  try {
    for (let from = 0; from < paths.length && !isCancelled(); from += pathsInCommit)
      await takeGroup(from, Math.min(paths.length, from + pathsInCommit));
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
  if (isCancelled()) throw new BenchtopError({ code: 'cancelled', what: 'It was cancelled.' });
  return results;

  async function takeGroup(from: number, to: number): Promise<void> {
    const group = emptyGroup();
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
          group.eras[worker] ??= taken.era;
          large.push(...collect(group, taken, some.from));
          tellProgress(taken.count, taken.bytes);
        }
      }),
    );
    if (isStored) for (const at of large) await takeLarge(group, at);
    else await allOrFirstError(Array.from({ length: workerCount }, (_, worker) => hashAll(worker)));
    if (isStored) {
      await syncAll(workers, group.eras);
      await commitObjects(store, now(), group);
    }
    await rememberFiles(store, now(), group.remembered, group.agedBlocks);

    async function hashAll(worker: number): Promise<void> {
      for (let at = large.shift(); at !== undefined && !isCancelled(); at = large.shift()) {
        const path = paths[at] ?? '';
        keepResult(group, at, await workers.call(worker, 'hashLarge', { path, cancelled }).catch(asTrouble));
      }
    }
  }

  async function takeLarge(group: Group, at: number): Promise<void> {
    if (isCancelled()) return;
    const { read, cut } = await cutFile(workers, paths[at] ?? '', cancelled);
    group.eras[0] = Math.min(group.eras[0] ?? Infinity, cut?.era ?? Infinity);
    keepResult(group, at, read);
    if (cut !== null && read !== null && !(read instanceof FileTrouble)) keepChunked(group, cut);
  }

  function keepResult(group: Group, at: number, read: ReadFile | FileTrouble | null): void {
    if (read === null) return; // cancelled
    const path = paths[at] ?? '';
    if (read instanceof FileTrouble) {
      results[at] = problemOf(path, read);
      return tellProgress(1, 0);
    }
    const { objectId, sizeBytes, identity } = read;
    results[at] = { objectId, sizeBytes };
    if (identity !== null) group.remembered.push({ identity, content: Buffer.from(objectId, 'hex') });
    tellProgress(1, sizeBytes);
  }

  function tellProgress(files: number, bytes: number): void {
    progress.files += files;
    progress.bytes += bytes;
    onProgress?.({ ...progress });
  }

  /** Returns the positions of files that are too large to have been taken with the others. */
  function collect(group: Group, taken: TakenFiles, from: number): number[] {
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
        group.remembered.push({ identity, content: contents.subarray(index * 32, index * 32 + 32) });
      if (outcome === outcomes.aged) group.touched.push(objectId);
      if (outcome !== outcomes.whole) continue;
      const place = { pack: taken.packs[index] ?? 0, position: taken.positions[index] ?? 0 };
      group.whole.push({ objectId, sizeBytes, ...place });
      reach(group, place.pack, place.position + sizeBytes);
    }
    group.agedBlocks.push(...taken.agedBlocks);
    for (const { at, chunks, packs } of taken.chunked) {
      const objectId = contents.toString('hex', at * 32, at * 32 + 32);
      keepChunked(group, { objectId, sizeBytes: taken.sizes[at] ?? 0, chunks, packs });
    }
    for (const { at, ...trouble } of taken.troubles)
      results[from + at] = problemOf(paths[from + at] ?? '', trouble);
    return large;
  }
}

interface Group {
  readonly whole: WholeObject[];
  readonly chunked: ChunkedObject[];
  readonly touched: string[];
  readonly remembered: RememberedFile[];
  readonly agedBlocks: StatCacheBlock[];
  readonly packs: Map<number, number>;
  /** Of each worker's first piece. */
  readonly eras: (number | undefined)[];
}

const emptyGroup = (): Group => ({
  whole: [],
  chunked: [],
  touched: [],
  remembered: [],
  agedBlocks: [],
  packs: new Map(),
  eras: [],
});

function identityIn({ identities }: TakenFiles, index: number): FileIdentity | null {
  const at = index * 5;
  const [device = 0, inode = 0, sizeBytes = 0, mtimeMs = 0, ctimeMs = 0] =
    identities[at + 4] === 0 ? [] : identities.subarray(at, at + 5);
  return ctimeMs === 0 ? null : { device, inode, sizeBytes, mtimeMs, ctimeMs };
}

const reach = (group: Group, pack: number, end: number) =>
  group.packs.set(pack, Math.max(group.packs.get(pack) ?? 0, end));

function keepChunked(group: Group, file: Omit<ChunkedFile, 'era'>): void {
  group.chunked.push(file);
  for (const [pack, end] of file.packs) reach(group, pack, end);
}

/** Waits until the bytes of a group are on disk. @param eras of each worker's first piece; undefined where it has none. */
export async function syncAll(workers: ObjectWorkers, eras: readonly (number | undefined)[]): Promise<void> {
  await allOrFirstError(
    eras.map(async (since, worker) => {
      if (since !== undefined && since !== Infinity) await workers.call(worker, 'sync', { since });
    }),
  );
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

/** Waits for all, so that nothing goes on behind a failure. */
async function allOrFirstError(work: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason;
}
