import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Home, Store } from '../store/index.ts';
import type { ChunkDelta } from './chunk-delta.ts';
import { queries } from './queries.ts';
import { purge, sweep, sweptBytes, undoMs, unreferencedIn, unsweep } from './collect.ts';
import { commitObjects } from './commit-objects.ts';
import { contentsAtHand } from './contents-at-hand.ts';
import type { FileDigests } from './digest-files.ts';
import { digestPaths } from './digest-paths.ts';
import type { BatchOptions, FileResult, FileToWrite } from './file-batch.ts';
import { notStored, placeOf, type StoredPlace } from './locate.ts';
import type { ObjectRooms } from './object-rooms.ts';
import { createObjectWorkers, workerCount } from './object-workers.ts';
import { fullPackBytes, packNumber } from './pack-format.ts';
import { damagedPacks } from './pack-damage.ts';
import { takePaths } from './put-files.ts';
import { putEdited } from './put-edited.ts';
import { putStream } from './put-stream.ts';
import { readObject } from './read-object.ts';
import type { EditedContent } from './recut.ts';
import { createSharedGate } from './shared-gate.ts';
import { countStarts } from './starts.ts';
import type { StoredObject } from './stored-object.ts';
import { strayPacks } from './stray-packs.ts';
import {
  commitTogether,
  commitUnsynced,
  noObjects,
  type UnsyncedObjects,
  type WrittenTogether,
} from './unsynced-objects.ts';
import { scrub, verify, type VerifyOptions } from './verify.ts';
import { writeOut } from './write-out.ts';

/** The ways into the objects. */
export interface PutObjects {
  /** Stores a stream in constant memory, hashed while it passes. */
  putStream(content: AsyncIterable<Uint8Array>): Promise<StoredObject>;
  /**
   * Stores a content that was made of a stored one: the work is that of the edits. False when the stored one is too small for that, and
   * nothing was done.
   */
  putEdited(content: EditedContent): Promise<boolean>;
  /**
   * Stores many files. Results come in the order asked. A file that vanished, may not be read, or changed while it was read
   * is a problem of its own, never a failure of all.
   * @throws {BenchtopError} `cancelled`, `disk-full`.
   */
  putFiles(paths: readonly string[], options?: BatchOptions): Promise<FileResult[]>;
}

/** Files by content. What is acknowledged is synced to disk; the same content is kept once. */
export interface Objects extends PutObjects {
  putFile(path: string): Promise<StoredObject>;
  /**
   * Stores what `work` puts, and commits it together with what refers to it: one sync of the disk for a few files and their record. What is
   * put has no row before, so `has` and `read` do not know of it yet. Nothing is recorded when `work` fails. Whoever collects garbage gets in
   * between two puts: `work` goes by the same hour as anybody who refers to a file later, and keeps what is older with `touch`.
   * @param work returns what is to be written in that commit.
   */
  putTogether<T>(work: (objects: PutObjects) => Promise<WrittenTogether<T>>): Promise<T>;
  /** As `putFiles`, but stores nothing: sha256 and size of each file. */
  hashFiles(paths: readonly string[], options?: BatchOptions): Promise<FileResult[]>;
  /** sha256 and md5 of files, read anew; null for one that cannot be read. @throws {BenchtopError} `cancelled`. */
  digestFiles(paths: readonly string[], signal: AbortSignal): Promise<(FileDigests | null)[]>;
  /**
   * Writes stored objects as files, verified while they are written. A file is never written over.
   * @throws {BenchtopError} `not-found`, `already-exists`, `damaged-object`, `disk-full`, `cancelled`; files before it are there.
   */
  writeFiles(files: readonly FileToWrite[], options?: BatchOptions): Promise<void>;
  /** @throws {BenchtopError} `not-found` when no such object is stored, `damaged-object`. */
  read(
    objectId: string,
    offset: number,
    limit: number,
  ): Promise<{ bytes: Uint8Array<ArrayBuffer>; sizeBytes: number }>;
  /** Whether an object is stored. It is not read: what is damaged is told by who reads it, and by `verify`. */
  has(objectId: string): boolean;
  /** Bytes of one object. @throws {BenchtopError} `not-found`. */
  sizeBytes(objectId: string): number;
  /** Bytes of an object as they are read, from `start` to `end`, both included. @throws {BenchtopError} `not-found`. */
  stream(
    objectId: string,
    range?: { start: number; end: number },
  ): Promise<{ body: Readable; sizeBytes: number }>;
  /** Keeps stored objects from the collector for another hour. */
  touch(objectIds: readonly string[]): Promise<void>;
  /** What two sets of objects share, piece by piece; null where one of them is not stored. */
  chunkDelta(before: readonly string[], after: readonly string[]): Promise<ChunkDelta | null>;
  /** The bytes of some objects. */
  sizeOf(objectIds: readonly string[]): number;
  /**
   * Objects that none of the references (queries for object ids) names, those of the last hour left out: whoever stored
   * them may be about to say what for.
   */
  unreferenced(references: readonly string[]): { objectIds: string[]; sizeBytes: number };
  /**
   * Removes them: they are not found any more. For seven days they can come back; the room of what was removed before that is
   * given back to the disk now. Resolves to the bytes removed.
   */
  removeUnreferenced(references: readonly string[]): Promise<number>;
  /** What was removed and can come back. */
  recoverable(): { files: number; bytes: number };
  /** Brings back what can come back. */
  undoRemoval(): Promise<{ files: number; bytes: number }>;
  /** Gives the room of all that was removed back to the disk, now. Resolves to the bytes freed. */
  reclaim(): Promise<number>;
  /** Reads all again and holds it against its hash. */
  verify: (options: VerifyOptions) => ReturnType<typeof verify>;
  /** Packs, at most `limit`, that are due for being read again: those that have waited longest first. */
  dueForCheck(due: { soundBefore: number; writtenBefore: number }, limit: number): number[];
  /** Reads one pack again and holds it against its hashes. Resolves to whether it is sound; what is wrong is a problem then. */
  checkPack(pack: number): Promise<boolean>;
  /** What was found wrong and is still there. */
  problems(): { isOlderThanPacks: boolean; damaged: ReturnType<typeof damagedPacks> };
  /** Whether something is being stored, checked or removed. */
  isBusy(): boolean;
  /** Ends the worker threads, when nothing is asked of them any more. */
  close(): Promise<void>;
}

export function createObjects(home: Home, store: Store, now: () => number): Objects {
  const { objectsPath } = home;
  const gate = createSharedGate();
  const starts = countStarts(store, objectsPath);
  if (store.readOnlyReason === null) {
    mkdirSync(join(objectsPath, 'packs'), { recursive: true, mode: 0o700 });
    if (!starts.isOlder()) removeLeftovers(objectsPath, store);
  }
  const workers = createObjectWorkers(
    home,
    () => packsToFill(objectsPath, store, starts.isOlder()),
    store.publish,
  );
  const rooms: ObjectRooms = { workers, store, now, objectsPath, gate, starts };

  function placed(objectId: string): StoredPlace {
    const place = store.now((db) => placeOf(db, objectId));
    if (place === undefined) throw notStored(objectId);
    return place;
  }

  async function take(
    paths: readonly string[],
    isToStore: boolean,
    options: BatchOptions,
    unsynced: UnsyncedObjects,
  ): Promise<FileResult[]> {
    const atHand = contentsAtHand(store, paths, now(), isToStore);
    const known = atHand.filter((content) => content !== undefined);
    if (known.length === paths.length && options.signal?.aborted !== true) return known;
    const others = paths.filter((_, at) => atHand[at] === undefined);
    const knownBytes = known.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const { onProgress } = options;
    const tell: BatchOptions['onProgress'] = (done) =>
      onProgress?.({ files: done.files + known.length, bytes: done.bytes + knownBytes });
    const taken = (
      await takePaths(rooms, unsynced, others, isToStore, { ...options, onProgress: tell })
    ).values();
    return atHand.flatMap((content) => content ?? taken.next().value ?? []);
  }

  const into = (unsynced: UnsyncedObjects): PutObjects => ({
    putStream: (content) => putStream(rooms, unsynced, content),
    putEdited: (content) => putEdited(rooms, unsynced, content),
    putFiles: (paths, options = {}) => take(paths, true, options, unsynced),
  });
  async function committing<T>(work: (unsynced: UnsyncedObjects) => Promise<T>): Promise<T> {
    const unsynced = noObjects();
    const result = await work(unsynced);
    await commitUnsynced(rooms, unsynced);
    return result;
  }
  const committed = <T>(work: (objects: PutObjects) => Promise<T>): Promise<T> =>
    gate.share(() => committing((unsynced) => work(into(unsynced))));
  const put = (content: AsyncIterable<Uint8Array>) => committed(({ putStream }) => putStream(content));

  return {
    putFile: (path) => put(createReadStream(path)),
    putStream: put,
    putEdited: (content) => committed(({ putEdited }) => putEdited(content)),
    putFiles: (paths, options) => committed(({ putFiles }) => putFiles(paths, options)),
    putTogether: (work) =>
      gate.share(async () => {
        const unsynced = noObjects();
        const giveWay = () => gate.giveWay(() => commitUnsynced(rooms, unsynced));
        return commitTogether(rooms, unsynced, await work(oneByOne(into(unsynced), giveWay)));
      }),
    hashFiles: (paths, options = {}) => committing((unsynced) => take(paths, false, options, unsynced)),
    digestFiles: (paths, signal) => digestPaths(workers, paths, signal),
    writeFiles: (files, options = {}) => writeOut(rooms, files, options),
    has: (objectId) => store.now((db) => placeOf(db, objectId)) !== undefined,
    sizeBytes: (objectId) => placed(objectId).sizeBytes,
    async read(objectId, offset, limit) {
      const { sizeBytes } = placed(objectId);
      const parts: Uint8Array[] = [];
      const end = Math.min(sizeBytes, offset + limit);
      for await (const part of readObject(rooms, objectId, offset, end)) parts.push(part);
      const bytes = new Uint8Array(Math.max(0, end - offset));
      let at = 0;
      for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
      }
      return { bytes, sizeBytes };
    },
    async stream(objectId, range) {
      const { sizeBytes } = placed(objectId);
      const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
      const bytes = readObject(rooms, objectId, start, Math.min(sizeBytes, end + 1));
      return { body: Readable.from(bytes, { objectMode: false }), sizeBytes };
    },
    touch: (objectIds) =>
      commitObjects(store, now(), { packs: new Map(), whole: [], chunked: [], touched: objectIds }),
    chunkDelta: (before, after) => store.query(queries, 'chunkDelta', { before, after }),
    sizeOf: (objectIds) =>
      store.now(
        (db) =>
          db
            .prepare(
              'SELECT ifnull(sum(size_bytes), 0) FROM object WHERE id IN (SELECT value FROM json_each(?))',
            )
            .pluck()
            .get(JSON.stringify(objectIds)) as number,
      ),
    unreferenced(references) {
      const found = store.now((db) => unreferencedIn(db, now(), references));
      return {
        objectIds: found.map(({ id }) => id),
        sizeBytes: found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      };
    },
    removeUnreferenced: (references) =>
      gate.alone(async () => {
        const removed = await sweep(rooms, references);
        await purge(rooms, now() - undoMs);
        return removed;
      }),
    recoverable: () => store.now(sweptBytes),
    undoRemoval: () => gate.alone(() => unsweep(rooms)),
    reclaim: () => gate.alone(() => purge(rooms, now())),
    verify: (options) => verify(rooms, options),
    dueForCheck: ({ soundBefore, writtenBefore }, limit) =>
      store.now(
        (db) =>
          db
            .prepare(
              'SELECT id FROM pack WHERE damage IS NULL AND created_at < ? AND ifnull(verified_at, 0) < ? ORDER BY ifnull(verified_at, 0), id LIMIT ?',
            )
            .pluck()
            .all(writtenBefore, soundBefore, limit) as number[],
      ),
    checkPack: (pack) =>
      gate.share(async () => (await scrub(rooms, workers.leastBusy(), pack)).owners.size === 0),
    problems: () => ({ isOlderThanPacks: starts.isOlder(), damaged: store.now(damagedPacks) }),
    isBusy: gate.isBusy,
    close: () => workers.close(),
  };
}

/** The same ways, one after the other. @param between done before each of them, while none is under way. */
function oneByOne(put: PutObjects, between: () => Promise<void>): PutObjects {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(between).then(work);
    last = done.catch(() => undefined); // whoever put it is told
    return done;
  };
  return {
    putStream: (content) => inTurn(() => put.putStream(content)),
    putEdited: (content) => inTurn(() => put.putEdited(content)),
    putFiles: (paths, options) => inTurn(() => put.putFiles(paths, options)),
  };
}

/** What an engine that was killed left behind: halves of uploads, and packs that nothing names. The home is this engine's alone. */
function removeLeftovers(objectsPath: string, store: Store): void {
  for (const name of readdirSync(objectsPath))
    if (name.endsWith('.tmp')) rmSync(join(objectsPath, name), { force: true });
  for (const path of strayPacks(store, objectsPath)) rmSync(path);
}

/** @param isOlder whether the packs hold more than the store knows of: then none of them is written to. */
function packsToFill(objectsPath: string, store: Store, isOlder: boolean) {
  const last = store.now((db) => db.prepare('SELECT ifnull(max(id), 0) FROM pack').pluck().get() as number);
  const numbers = readdirSync(join(objectsPath, 'packs')).map((name) => packNumber(name) ?? 0);
  return {
    nextPack: Math.max(last, ...numbers) + 1,
    resumable: isOlder
      ? []
      : store.now(
          (db) =>
            db
              .prepare(
                'SELECT id AS pack, size_bytes AS sizeBytes FROM pack WHERE size_bytes < ? AND damage IS NULL ORDER BY size_bytes LIMIT ?',
              )
              .all(fullPackBytes / 2, workerCount) as { pack: number; sizeBytes: number }[],
        ),
  };
}
