import type Database from 'better-sqlite3';
import type { Store } from '../store/index.ts';
import type { ChunkedFile } from './chunk-stream.ts';
import {
  commitObjects,
  isOnePiece,
  putRows,
  rememberFiles,
  type ChunkedObject,
  type WholeObject,
} from './commit-objects.ts';
import type { ObjectWorkers } from './object-workers.ts';
import type { RememberedFile, StatCacheBlock } from './stat-cache.ts';

/** What was appended to packs and is neither synced nor named by a row yet: one sync and one commit do for all of it. */
export interface UnsyncedObjects {
  whole: WholeObject[];
  chunked: ChunkedObject[];
  touched: string[];
  remembered: RememberedFile[];
  agedBlocks: StatCacheBlock[];
  /** How far each pack is filled with what is theirs. */
  packs: Map<number, number>;
  /** Of each worker's first piece; undefined where it has none. */
  eras: (number | undefined)[];
}

export const noObjects = (): UnsyncedObjects => ({
  whole: [],
  chunked: [],
  touched: [],
  remembered: [],
  agedBlocks: [],
  packs: new Map(),
  eras: [],
});

/** A piece of theirs ends there. */
export function reach({ packs }: UnsyncedObjects, pack: number, end: number): void {
  packs.set(pack, Math.max(packs.get(pack) ?? 0, end));
}

/** A worker has appended some of them since its writer was in an era. */
export function wroteSince({ eras }: UnsyncedObjects, worker: number, era: number): void {
  eras[worker] = Math.min(eras[worker] ?? Infinity, era);
}

export function addWhole(unsynced: UnsyncedObjects, object: WholeObject): void {
  unsynced.whole.push(object);
  reach(unsynced, object.pack, object.position + object.sizeBytes);
}

export function addChunked(unsynced: UnsyncedObjects, file: Omit<ChunkedFile, 'era'>): void {
  unsynced.chunked.push(file);
  for (const [pack, end] of file.packs) reach(unsynced, pack, end);
}

/** What is to be written in the same commit as the rows of what was stored. */
export interface WrittenTogether<T> {
  readonly name: string;
  /** Resolve before the rows are on disk, a moment later; the bytes are by then (Store.writeSoon). */
  readonly isSoon?: boolean;
  readonly write: (db: Database.Database) => T;
}

interface Rooms {
  readonly workers: ObjectWorkers;
  readonly store: Store;
  readonly now: () => number;
}

const isNothing = ({
  whole,
  chunked,
  touched,
  remembered,
  agedBlocks,
  packs,
  eras,
}: UnsyncedObjects): boolean =>
  packs.size + eras.length === 0 &&
  [whole, chunked, touched, remembered, agedBlocks].every(({ length }) => length === 0);

/** Makes them durable; then there are none. @throws what the disk said. */
export async function commitUnsynced(rooms: Rooms, unsynced: UnsyncedObjects): Promise<void> {
  // Of what was at hand there is nothing, which is often.
  if (isNothing(unsynced)) return;
  const stored = { ...unsynced };
  Object.assign(unsynced, noObjects());
  await syncAll(rooms.workers, stored.eras);
  await commitObjects(rooms.store, rooms.now(), stored);
  await rememberFiles(rooms.store, rooms.now(), stored.remembered, stored.agedBlocks);
}

/** As `commitUnsynced`, with what refers to them: in one commit where they are few, else in one after theirs. */
export async function commitTogether<T>(
  rooms: Rooms,
  unsynced: UnsyncedObjects,
  { name, isSoon = false, write }: WrittenTogether<T>,
): Promise<T> {
  const commit = isSoon ? rooms.store.writeSoon : rooms.store.write;
  if (!isOnePiece(unsynced)) {
    await commitUnsynced(rooms, unsynced);
    return commit(name, write);
  }
  await syncAll(rooms.workers, unsynced.eras);
  const written = await commit(name, (db) => {
    putRows(db, unsynced, rooms.now());
    return write(db);
  });
  await rememberFiles(rooms.store, rooms.now(), unsynced.remembered, unsynced.agedBlocks);
  return written;
}

/** Waits until what workers have appended is on disk. @param eras of each worker's first piece; undefined where it has none. */
async function syncAll(workers: ObjectWorkers, eras: readonly (number | undefined)[]): Promise<void> {
  await allOrFirstError(
    eras.map(async (since, worker) => {
      if (since !== undefined) await workers.call(worker, 'sync', { since });
    }),
  );
}

/** Waits for all, so that nothing goes on behind a failure. */
export async function allOrFirstError(work: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason;
}
