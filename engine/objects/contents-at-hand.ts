import { hash } from 'node:crypto';
import type { Store } from '../store/index.ts';
import { prepared } from '../prepared.ts';
import { rememberFiles } from './commit-objects.ts';
import { isSettled, type FileIdentity } from './file-identity.ts';
import { fileOperations } from './file-operations.ts';
import type { RecentFiles } from './recent-files.ts';
import { FileTrouble, identityAt, openSource } from './source-file.ts';
import { statCacheReader } from './stat-cache.ts';
import type { StoredObject } from './stored-object.ts';
import { agedMs } from './take-files.ts';

/** More files than these are shared out among the workers at once: looking them up here would hold up the engine. */
const filesAtMost = 512;
/** So many are also read here, up to this size: that takes a tenth of the time that a worker takes to be asked. */
const readAtMost = 8;
const bytesAtMost = 32 * 1024;
/** What was written so short a time ago is in the memory of the system: reading it is less than looking it up. */
const freshMs = 60_000;

/**
 * The contents of files that are as they were when they were last read, 10 microseconds each, and of a few small ones; no worker is
 * asked, which takes a tenth of a second to start. Undefined for a file that has to go to one: it is large, cannot be read, or is to
 * be stored and is not yet.
 * @param isToStore whether the files are to be stored, and not only hashed.
 */
export function contentsAtHand(
  store: Store,
  recent: RecentFiles,
  paths: readonly string[],
  nowMs: number,
  isToStore: boolean,
): (StoredObject | undefined)[] {
  if (paths.length > filesAtMost) return paths.map(() => undefined);
  const readAt = Date.now();
  const { contents, aged } = store.now((db) => {
    const { contentOf, aged } = statCacheReader(db, nowMs);
    const storedAt = prepared(db, 'SELECT created_at FROM object WHERE id = ?').pluck();
    const isStored = (objectId: string) =>
      nowMs - ((storedAt.get(objectId) as number | undefined) ?? -Infinity) <= agedMs;
    const contents = paths.map((path) => {
      const file = unlessTroubled(() => {
        const identity = identityAt(fileOperations, path);
        const isSmall = paths.length <= readAtMost && identity.sizeBytes <= bytesAtMost;
        const isFresh = isSmall && readAt - identity.ctimeMs < freshMs;
        // One that was written to this very moment cannot have been remembered.
        const known = isSettled(identity, readAt)
          ? (recent.contentOf(identity) ?? (isFresh ? null : contentOf(identity)))
          : null;
        if (known !== null) return { objectId: hexOf(known), identity };
        if (!isSmall) return null;
        const read = readSmall(path);
        if (read.isSettled) recent.add({ ...read, content: Buffer.from(read.objectId, 'hex') });
        return read;
      });
      if (file === null || (isToStore && !isStored(file.objectId))) return undefined;
      return { objectId: file.objectId, sizeBytes: file.identity.sizeBytes };
    });
    return { contents, aged };
  });
  // What ages on goes in the end.
  if (aged.length > 0) void rememberFiles(store, nowMs, [], aged).catch(() => undefined);
  return contents;
}

const hexOf = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('hex');

/** @throws {FileTrouble} */
function readSmall(path: string): { objectId: string; identity: FileIdentity; isSettled: boolean } {
  const readAt = Date.now();
  const source = openSource(fileOperations, path);
  try {
    const count = source.read(small);
    source.end();
    const objectId = hash('sha256', small.subarray(0, count));
    return { objectId, identity: source.identity, isSettled: isSettled(source.identity, readAt) };
  } finally {
    source.close();
  }
}

/** Null for a file that is in some trouble: a worker tells of it. */
function unlessTroubled<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof FileTrouble) return null;
    throw error;
  }
}

/** For one file at a time. One byte more than there should be: a file that grows meanwhile is seen. */
const small = new Uint8Array(bytesAtMost + 1);
