import { createHash, type Hash } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import type { ChunkList } from './chunk-list.ts';
import { createChunkSession } from './chunk-session.ts';
import { isSettled, type FileIdentity } from './file-identity.ts';
import { gearMemory, contentStart } from './gear-roll.ts';
import { openSource } from './source-file.ts';
import { slotBytes } from './take-files.ts';
import type { WorkerContext } from './worker-context.ts';

/** Parts in which a file goes from whoever reads it to whoever cuts it: few, as each costs two messages. */
const partBytes = 4 * 1024 * 1024;
const slots = 4;
const slotAt = (slot: number) => contentStart + slot * partBytes;

/** From whom reads a large file or receives a stream … */
export type ToCutter =
  | { slot: number; length: number }
  | { bytes: Uint8Array }
  /** The end; null when the cutter hashes, as for a stream. */
  | { end: string | null }
  | 'abort';
/** … to whom cuts it, and back: memory to fill, then which part of it may be filled again. */
export type FromCutter = { memory: SharedArrayBuffer } | { slot: number } | 'taken';

/** A file in chunks, stored but not synced. Null when its sender gave up. */
export interface ChunkedFile {
  readonly objectId: string;
  readonly sizeBytes: number;
  readonly chunks: ChunkList;
  readonly packs: ReadonlyMap<number, number>;
  readonly era: number;
}

/**
 * Cuts what comes over a port and appends it to packs, until its end. Every byte is hashed by whoever reads it, or here: what
 * is cut and what is hashed are the same bytes of memory.
 */
export function cutStream(
  context: WorkerContext,
  { port, isRead }: { port: MessagePort; isRead: boolean },
): Promise<ChunkedFile | null> {
  const memory = isRead ? gearMemory(slots * partBytes) : context.memory;
  const session = createChunkSession({ ...context, memory, isLent: isRead });
  const own = new Uint8Array(memory.buffer, contentStart, slotBytes);
  const sha256 = createHash('sha256');
  const era = context.writer.era();
  const post = (message: FromCutter) => port.postMessage(message);

  /** @param onLost when the disk refuses later what was taken. */
  async function take(
    message: ToCutter,
    onLost: (reason: unknown) => void,
  ): Promise<ChunkedFile | null | undefined> {
    if (message === 'abort') return null;
    if ('end' in message) {
      const objectId = message.end ?? sha256.digest('hex');
      return { objectId, era, ...session.finish(objectId) };
    }
    if ('slot' in message) {
      const from = slotAt(message.slot);
      context.index.together(() => session.take(from, from + message.length));
      // The next part is cut meanwhile.
      context.writer.returned().then(() => post({ slot: message.slot }), onLost);
      await context.writer.ease();
      return undefined;
    }
    for (let at = 0; at < message.bytes.length; at += slotBytes) {
      const part = message.bytes.subarray(at, at + slotBytes);
      own.set(part);
      sha256.update(part);
      context.index.together(() => session.take(contentStart, contentStart + part.length));
    }
    await context.writer.ease();
    post('taken');
    return undefined;
  }

  return new Promise<ChunkedFile | null>((resolve, reject) => {
    let before: Promise<unknown> = Promise.resolve();
    let isOver = false;
    const settle = (done: () => void) => {
      isOver = true;
      port.close();
      done();
    };
    const giveUp = (reason: unknown) => settle(() => reject(asError(reason)));
    port.on('message', (message: ToCutter) => {
      before = before
        .then(() => (isOver ? undefined : take(message, giveUp)))
        .then((result) => {
          if (result !== undefined) settle(() => resolve(result));
        })
        .catch(giveUp);
    });
    // Whoever sends has ended, or this end has: then the promise is settled already.
    port.once('close', () => resolve(null));
    if (isRead) post({ memory: memory.buffer });
  });
}

/** A large file that was read to its end. */
export interface ReadFile {
  readonly objectId: string;
  readonly sizeBytes: number;
  /** Null when the file may change again without looking changed. */
  readonly identity: FileIdentity | null;
}

export function readFile(identity: FileIdentity, sha256: Hash, readAt: number): ReadFile {
  return {
    objectId: sha256.digest('hex'),
    sizeBytes: identity.sizeBytes,
    identity: isSettled(identity, readAt) ? identity : null,
  };
}

/**
 * Reads a file for another worker that cuts it, and hashes it meanwhile: the next part is read and hashed while the cutter
 * has the one before.
 * Null when it was cancelled or the cutter went away.
 * @throws {FileTrouble}
 */
export function readForCutter(
  context: WorkerContext,
  { path, port, cancelled }: { path: string; port: MessagePort; cancelled: Int32Array },
): Promise<ReadFile | null> {
  const post = (message: ToCutter) => port.postMessage(message);
  const sha256 = createHash('sha256');
  return new Promise<ReadFile | null>((resolve, reject) => {
    const readAt = context.now();
    const source = openSource(context.operations, path);
    let bytes = new Uint8Array(0) as Uint8Array;
    let isOver = false;
    const settle = (done: () => void) => {
      if (isOver) return;
      isOver = true;
      source.close();
      done();
    };
    function fill(slot: number): void {
      if (isOver) return;
      if (Atomics.load(cancelled, 0) === 1) {
        post('abort');
        return settle(() => resolve(null));
      }
      const part = bytes.subarray(slotAt(slot), slotAt(slot) + partBytes);
      const length = source.read(part);
      post({ slot, length });
      sha256.update(part.subarray(0, length));
      if (length === partBytes) return;
      source.end();
      const read = readFile(source.identity, sha256, readAt);
      post({ end: read.objectId });
      settle(() => resolve(read));
    }
    port.on('message', (message: FromCutter) => {
      try {
        if (message === 'taken' || isOver) return;
        if ('slot' in message) return fill(message.slot);
        bytes = new Uint8Array(message.memory);
        for (let slot = 0; slot < slots; slot++) fill(slot);
      } catch (error) {
        post('abort');
        settle(() => reject(asError(error)));
      }
    });
    port.once('close', () => settle(() => resolve(null)));
  });
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
