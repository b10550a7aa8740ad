import type Database from 'better-sqlite3';
import { prepared } from '../prepared.ts';
import type { Store } from '../store/index.ts';
import type { ChunkList } from './chunk-list.ts';
import { chunksInPart } from './chunk-session.ts';
import { layouts } from './locate.ts';
import { manifestBody, type ListedChunk } from './manifest-body.ts';
import { manifestCrc } from './manifest-rows.ts';
import {
  rememberInStatCache,
  touchStatCache,
  type RememberedFile,
  type StatCacheBlock,
} from './stat-cache.ts';
import { proofBytes } from './proof.ts';

/** Rows written in one piece of work, so that nobody else waits long for the writer. */
const rowsAtOnce = 500;
/** Rows asked for together, so that they share syncs of the disk; whoever comes meanwhile waits for these. */
const chunksAtOnce = 4000;

export interface WholeObject {
  readonly objectId: string;
  readonly sizeBytes: number;
  readonly pack: number;
  readonly position: number;
}

export interface ChunkedObject {
  readonly objectId: string;
  readonly sizeBytes: number;
  readonly chunks: ChunkList;
}

/** What was stored, by the rows that are to name it; their bytes are on disk. */
export interface StoredRows {
  readonly packs: ReadonlyMap<number, number>;
  readonly whole: readonly WholeObject[];
  readonly chunked: readonly ChunkedObject[];
  /** Stored before: they are new again for the collector. */
  readonly touched: readonly string[];
}

/** Whether all rows may be written in one piece of work. */
export const isOnePiece = ({ whole, chunked, touched }: StoredRows): boolean =>
  chunked.reduce((rows, { chunks }) => rows + chunks.count, whole.length + touched.length) <= rowsAtOnce;

/** Writes all rows within a commit of the caller's. */
export function putRows(
  db: Database.Database,
  { packs, whole, chunked, touched }: StoredRows,
  nowMs: number,
): void {
  putPacks(db, packs, nowMs);
  putWhole(db, whole, nowMs);
  touchObjects(db, touched, nowMs);
  for (const each of chunked) {
    const ids = new Float64Array(each.chunks.count);
    putChunks(db, each.chunks, ids, 0, each.chunks.count);
    putChunked(db, each, ids, nowMs);
  }
}

/** Writes many rows, a part at a time. The objects come last. */
export async function commitObjects(store: Store, nowMs: number, stored: StoredRows): Promise<void> {
  const writes: Promise<unknown>[] = [];
  if (stored.packs.size > 0)
    writes.push(store.write('objects.packs', (db) => putPacks(db, stored.packs, nowMs)));
  for (const some of slices(stored.whole))
    writes.push(store.write('objects.put', (db) => putWhole(db, some, nowMs)));
  for (const some of slices(stored.touched))
    writes.push(store.write('objects.touch', (db) => touchObjects(db, some, nowMs)));
  await Promise.all(writes);
  for (const each of stored.chunked) await commitChunked(store, nowMs, each);
}

function putWhole(db: Database.Database, whole: readonly WholeObject[], nowMs: number): void {
  for (const { objectId, sizeBytes, pack, position } of whole)
    putObject(db, objectId, sizeBytes, nowMs, layouts.whole, pack, position);
}

function touchObjects(db: Database.Database, objectIds: readonly string[], nowMs: number): void {
  const touch = prepared(db, 'UPDATE object SET created_at = ? WHERE id = ?');
  for (const objectId of objectIds) touch.run(nowMs, objectId);
}

export function putPacks(db: Database.Database, packs: ReadonlyMap<number, number>, nowMs: number): void {
  const put = prepared(
    db,
    'INSERT INTO pack (id, size_bytes, created_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET size_bytes = max(size_bytes, excluded.size_bytes), verified_at = NULL',
  );
  for (const [pack, sizeBytes] of packs) put.run(pack, sizeBytes, nowMs);
}

function putObject(
  db: Database.Database,
  objectId: string,
  sizeBytes: number,
  nowMs: number,
  layout: number,
  pack: number | null,
  position: number | null,
): void {
  // What is stored already stays where it is, and what was swept comes back.
  revive(db, objectId, nowMs);
  prepared(
    db,
    'INSERT INTO object (id, size_bytes, created_at, layout, pack, position) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET created_at = excluded.created_at',
  ).run(objectId, sizeBytes, nowMs, layout, pack, position);
}

function revive(db: Database.Database, objectId: string, nowMs: number): void {
  const { changes } = prepared(
    db,
    'INSERT INTO object (id, size_bytes, created_at, layout, pack, position) SELECT id, size_bytes, ?, layout, pack, position FROM swept_object WHERE id = ?',
  ).run(nowMs, objectId);
  if (changes > 0) prepared(db, 'DELETE FROM swept_object WHERE id = ?').run(objectId);
}

async function commitChunked(store: Store, nowMs: number, file: ChunkedObject): Promise<void> {
  const { chunks } = file;
  const ids = new Float64Array(chunks.count);
  // The last of them go with the file itself: most files have no more.
  const last = Math.max(0, chunks.count - rowsAtOnce);
  for (let from = 0; from < last; from += chunksAtOnce) {
    const writes: Promise<void>[] = [];
    for (let at = from; at < Math.min(last, from + chunksAtOnce); at += rowsAtOnce) {
      const to = Math.min(last, at + rowsAtOnce);
      writes.push(store.write('objects.chunks', (db) => putChunks(db, chunks, ids, at, to)));
    }
    await Promise.all(writes);
  }
  await store.write('objects.putChunked', (db) => {
    putChunks(db, chunks, ids, last, chunks.count);
    putChunked(db, file, ids, nowMs);
  });
}

/** @param ids of its chunks, which have their rows. */
function putChunked(
  db: Database.Database,
  { objectId, sizeBytes, chunks }: ChunkedObject,
  ids: Float64Array,
  nowMs: number,
): void {
  revive(db, objectId, nowMs);
  const isThere = prepared(db, 'SELECT 1 FROM object WHERE id = ?').get(objectId) !== undefined;
  if (!isThere) putManifest(db, objectId, chunks, ids);
  putObject(db, objectId, sizeBytes, nowMs, layouts.chunked, null, null);
}

/** Gives new chunks a row, and notes the number of each chunk from `from` to before `to`. */
function putChunks(
  db: Database.Database,
  chunks: ChunkList,
  ids: Float64Array,
  from: number,
  to: number,
): void {
  const insert = prepared(db, 'INSERT INTO chunk (proof, pack, position, size_bytes) VALUES (?, ?, ?, ?)');
  for (let index = from; index < to; index++) {
    const known = chunks.known[index] ?? 0;
    ids[index] =
      known > 0
        ? known
        : known < 0
          ? (ids[-known - 1] ?? 0)
          : Number(
              insert.run(
                Buffer.from(chunks.proofs.subarray(index * proofBytes, (index + 1) * proofBytes)),
                chunks.packs[index],
                chunks.positions[index],
                chunks.sizes[index],
              ).lastInsertRowid,
            );
  }
}

function putManifest(db: Database.Database, objectId: string, chunks: ChunkList, ids: Float64Array): void {
  const insert = prepared(db, 'INSERT INTO manifest (object, first, body, crc) VALUES (?, ?, ?, ?)');
  let first = 0;
  for (let from = 0; from < chunks.count; from += chunksInPart) {
    const part: ListedChunk[] = [];
    let partBytes = 0;
    for (let index = from; index < Math.min(chunks.count, from + chunksInPart); index++) {
      const sizeBytes = chunks.sizes[index] ?? 0;
      part.push({ id: ids[index] ?? 0, sizeBytes });
      partBytes += sizeBytes;
    }
    const body = manifestBody(part);
    insert.run(objectId, first, body, manifestCrc(objectId, first, body));
    first += partBytes;
  }
}

/** What files were when they were read, and which rows of that were of use. It may be lost: then they are read again. */
export async function rememberFiles(
  store: Store,
  nowMs: number,
  files: readonly RememberedFile[],
  agedBlocks: readonly StatCacheBlock[],
): Promise<void> {
  if (store.readOnlyReason !== null) return;
  for (const some of slices(files))
    await store.writeSoon('objects.remember', (db) => rememberInStatCache(db, some, nowMs));
  for (const some of slices(agedBlocks))
    await store.writeSoon('objects.stillOfUse', (db) => touchStatCache(db, some, nowMs));
}

function* slices<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += rowsAtOnce) yield all.slice(from, from + rowsAtOnce);
}
