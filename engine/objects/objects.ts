import { createHash, randomUUID, type Hash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { createReadStream, readdirSync, rmSync, type ReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchtopError } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';
import type { Home, Store } from '../store/index.ts';
import type { BatchOptions, FileResult, FileToWrite } from './file-batch.ts';
import type { StoredObject } from './stored-object.ts';

/** Files by content. What is acknowledged is synced to disk; the same content is kept once. */
export interface Objects {
  putFile(path: string): Promise<StoredObject>;
  /** Stores a stream in constant memory, hashed while it passes. */
  putStream(content: AsyncIterable<Uint8Array>): Promise<StoredObject>;
  /**
   * Stores many files. Results come in the order asked. A file that vanished, may not be read, or changed while it was read
   * is a problem of its own, never a failure of all.
   * @throws {BenchtopError} `cancelled`, `disk-full`.
   */
  putFiles(paths: readonly string[], options?: BatchOptions): Promise<FileResult[]>;
  /** As `putFiles`, but stores nothing: sha256 and size of each file. */
  hashFiles(paths: readonly string[], options?: BatchOptions): Promise<FileResult[]>;
  /**
   * Writes stored objects as files, verified while they are written. A file is never written over.
   * @throws {BenchtopError} `not-found`, `already-exists`, `damaged-object`, `disk-full`, `cancelled`; files before it are there.
   */
  writeFiles(files: readonly FileToWrite[], options?: BatchOptions): Promise<void>;
  /** @throws {BenchtopError} `not-found` when no such object is stored. */
  read(
    objectId: string,
    offset: number,
    limit: number,
  ): Promise<{ bytes: Uint8Array<ArrayBuffer>; sizeBytes: number }>;
  /** Bytes of one object. @throws {BenchtopError} `not-found`. */
  sizeOnDisk(objectId: string): Promise<number>;
  stream(
    objectId: string,
    range?: { start: number; end: number },
  ): Promise<{ body: ReadStream; sizeBytes: number }>;
  /** The bytes that some objects take on disk. */
  sizeOf(objectIds: readonly string[]): number;
  /**
   * Objects that none of the references (queries for object ids) names, those of the last hour left out: whoever stored
   * them may be about to say what for.
   */
  unreferenced(references: readonly string[]): { objectIds: string[]; sizeBytes: number };
  /** Removes them from the disk. Resolves to the bytes freed. */
  removeUnreferenced(references: readonly string[]): Promise<number>;
}

/** So long may pass between storing a file and the row that refers to it. */
const graceMs = 3_600_000;

export function createObjects(home: Home, store: Store, now: () => number): Objects {
  if (store.readOnlyReason === null) removeHalves(home.objectsPath);
  const pathOf = (objectId: string) => join(home.objectsPath, objectId.slice(0, 2), objectId);

  const arriving = new Map<string, number>();

  function unreferencedIn(db: Database.Database, references: readonly string[]) {
    return db
      .prepare(
        `SELECT id, size_bytes AS sizeBytes FROM object WHERE created_at < ? AND id NOT IN (${references.join(' UNION ALL ')}) LIMIT 100000`,
      )
      .all(now() - graceMs) as { id: string; sizeBytes: number }[];
  }

  async function putStream(content: AsyncIterable<Uint8Array>): Promise<StoredObject> {
    const temporary = join(home.objectsPath, `${randomUUID()}.tmp`);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const file = await open(temporary, 'wx', 0o600);
    try {
      sizeBytes = await writeHashed(file, content, hash);
      await file.sync();
    } catch (error) {
      await file.close();
      await rm(temporary, { force: true });
      throw error;
    }
    await file.close();
    const objectId = hash.digest('hex');
    const folder = join(home.objectsPath, objectId.slice(0, 2));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // The bytes and their name are safe before the row that names them: a crash in between leaves a file nobody refers to.
    // What is being stored is not to be removed between its file and its row.
    arriving.set(objectId, (arriving.get(objectId) ?? 0) + 1);
    try {
      await rename(temporary, pathOf(objectId));
      await syncFolder(folder);
      await store.write('objects.put', (db) =>
        db
          .prepare(
            'INSERT INTO object (id, size_bytes, created_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET created_at = excluded.created_at',
          )
          .run(objectId, sizeBytes, now()),
      );
    } finally {
      const left = (arriving.get(objectId) ?? 1) - 1;
      if (left === 0) arriving.delete(objectId);
      else arriving.set(objectId, left);
    }
    return { objectId, sizeBytes };
  }

  async function sizeOnDisk(objectId: string): Promise<number> {
    if (/^[0-9a-f]{64}$/.test(objectId)) {
      const found = await stat(pathOf(objectId)).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      });
      if (found !== null) return found.size;
    }
    throw new BenchtopError({ code: 'not-found', what: `There is no stored file ${objectId}.` });
  }

  async function each(
    paths: readonly string[],
    { signal, onProgress }: BatchOptions,
    take: (content: AsyncIterable<Uint8Array>) => Promise<StoredObject>,
  ): Promise<FileResult[]> {
    const results: FileResult[] = [];
    let bytes = 0;
    for (const path of paths) {
      refuseCancelled(signal);
      const result = await readUnchanged(path, take);
      results.push(result);
      if ('objectId' in result) bytes += result.sizeBytes;
      onProgress?.({ files: results.length, bytes });
    }
    return results;
  }

  return {
    putFiles: (paths, options = {}) => each(paths, options, putStream),
    hashFiles: (paths, options = {}) => each(paths, options, hashOf),
    async writeFiles(files, { signal, onProgress } = {}) {
      let bytes = 0;
      for (const [index, { objectId, path, mode = 0o644 }] of files.entries()) {
        refuseCancelled(signal);
        await sizeOnDisk(objectId);
        await writeVerified(pathOf(objectId), objectId, path, mode);
        bytes += (await stat(path)).size;
        onProgress?.({ files: index + 1, bytes });
      }
    },
    putFile: (path) => putStream(createReadStream(path)),
    putStream,
    sizeOnDisk,
    async read(objectId, offset, limit) {
      const sizeBytes = await sizeOnDisk(objectId);
      const bytes = new Uint8Array(Math.max(0, Math.min(limit, sizeBytes - offset)));
      const file = await open(pathOf(objectId), 'r');
      try {
        await file.read(bytes, 0, bytes.length, offset);
      } finally {
        await file.close();
      }
      return { bytes, sizeBytes };
    },
    async stream(objectId, range) {
      const sizeBytes = await sizeOnDisk(objectId);
      return { body: createReadStream(pathOf(objectId), range ?? {}), sizeBytes };
    },
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
      const found = store.now((db) => unreferencedIn(db, references));
      return {
        objectIds: found.map(({ id }) => id),
        sizeBytes: found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      };
    },
    async removeUnreferenced(references) {
      const removed = await store.write('objects.sweep', (db) => {
        const remove = db.prepare('DELETE FROM object WHERE id = ?');
        const found = unreferencedIn(db, references).filter(({ id }) => !arriving.has(id));
        for (const { id } of found) remove.run(id);
        return found;
      });
      let freed = 0;
      for (const { id, sizeBytes } of removed) {
        // The same content may have been stored again since.
        const isBack =
          store.now((db) => db.prepare('SELECT 1 FROM object WHERE id = ?').get(id)) !== undefined;
        if (isBack || arriving.has(id)) continue;
        rmSync(pathOf(id), { force: true });
        freed += sizeBytes;
      }
      return freed;
    },
  };
}

/** What an engine that was killed in the middle of an upload left behind. The home is this engine's alone. */
function removeHalves(objectsPath: string): void {
  for (const name of readdirSync(objectsPath))
    if (name.endsWith('.tmp')) rmSync(join(objectsPath, name), { force: true });
}

/** Bytes that are gathered for one write: one call of the system for many small parts. */
const writeBytes = 1 << 20;

/** Writes a stream while it is hashed: one piece goes to disk while the next one comes. Returns the number of bytes. */
async function writeHashed(
  file: FileHandle,
  content: AsyncIterable<Uint8Array>,
  hash: Hash,
): Promise<number> {
  let sizeBytes = 0;
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  let writing: Promise<unknown> = Promise.resolve();
  const write = async () => {
    await writing;
    writing = writeAll(file, Buffer.concat(gathered));
    // Awaited before the next write and at the end; meanwhile nobody may call it unhandled.
    writing.catch(() => undefined);
    gathered = [];
    gatheredBytes = 0;
  };
  try {
    for await (const part of content) {
      hash.update(part);
      sizeBytes += part.length;
      gathered.push(part);
      gatheredBytes += part.length;
      if (gatheredBytes >= writeBytes) await write();
    }
    await write();
  } finally {
    await writing;
  }
  return sizeBytes;
}

/** A write may take less than it is given. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}

/** Makes a renamed file's name as durable as its bytes. Windows has no such call, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function refuseCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new BenchtopError({ code: 'cancelled', what: 'It was cancelled.' });
}

async function hashOf(content: AsyncIterable<Uint8Array>): Promise<StoredObject> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const part of content) {
    hash.update(part);
    sizeBytes += part.length;
  }
  return { objectId: hash.digest('hex'), sizeBytes };
}

/** Reads a file, and says so when it was not the same before and after. */
async function readUnchanged(
  path: string,
  take: (content: AsyncIterable<Uint8Array>) => Promise<StoredObject>,
): Promise<FileResult> {
  try {
    const before = await stat(path, { bigint: true });
    if (!before.isFile()) return { problem: 'unreadable', what: `${path} is no regular file.` };
    const taken = await take(createReadStream(path));
    const after = await stat(path, { bigint: true });
    return before.mtimeNs === after.mtimeNs &&
      before.ctimeNs === after.ctimeNs &&
      before.ino === after.ino &&
      BigInt(taken.sizeBytes) === after.size
      ? taken
      : { problem: 'changed', what: `${path} was written to while it was read.` };
  } catch (error) {
    if (isMissing(error)) return { problem: 'missing', what: `${path} is not there.` };
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EIO' || code === 'EISDIR' || code === 'ELOOP')
      return { problem: 'unreadable', what: `${path} cannot be read (${code}).` };
    throw error;
  }
}

async function writeVerified(from: string, objectId: string, to: string, mode: number): Promise<void> {
  const hash = createHash('sha256');
  const file = await open(to, 'wx', mode).catch((error: unknown) => {
    throw error instanceof Error && 'code' in error && error.code === 'EEXIST'
      ? new BenchtopError({ code: 'already-exists', what: `${to} is there already.` }, { cause: error })
      : error;
  });
  try {
    await writeHashed(file, createReadStream(from), hash);
    await file.chmod(mode);
  } finally {
    await file.close();
  }
  if (hash.digest('hex') === objectId) return;
  await rm(to);
  throw new BenchtopError({
    code: 'damaged-object',
    what: `The stored file ${objectId} is damaged: its bytes are not those that were stored.`,
    evidence: from,
    next: 'Run `benchtop verify --repair`; it looks for another copy.',
  });
}
