import { createHash, hash } from 'node:crypto';
import type { ChunkList } from './chunk-list.ts';
import { createChunkSession } from './chunk-session.ts';
import { isSettled, type FileIdentity } from './file-identity.ts';
import { contentStart } from './gear-roll.ts';
import { pieceKinds, wholeFileBytes } from './pack-format.ts';
import type { Place } from './pack-writer.ts';
import { FileTrouble, identityAt, openSource, type SourceFile } from './source-file.ts';
import type { StatCacheBlock } from './stat-cache.ts';
import type { WorkerContext } from './worker-context.ts';

/** Files from this size on are a job of their own: read by one worker and cut by another, or hashed alone, in bytes. */
export const largeFileBytes = 32 * 1024 * 1024;

/** A worker answers after so many bytes, so that work is shared out evenly and can be cancelled. */
const answerBytes = 64 * 1024 * 1024;
/** Read at once. */
export const slotBytes = 1024 * 1024;

/** What became of a file. */
export const outcomes = {
  /** Stored before; `aged` ones so long ago that the collector has to hear of it. */
  known: 0,
  aged: 6,
  whole: 1,
  chunked: 2,
  hashed: 3,
  large: 4,
  trouble: 5,
} as const;

/** Well below the time that the collector leaves to whoever stored something. */
export const agedMs = 1_800_000;

/** What became of the first `count` files of those asked, in columns; cells of others are zero. */
export interface TakenFiles {
  readonly count: number;
  /** Bytes of all of them. */
  readonly bytes: number;
  /** Of the pack writer when the first was stored. */
  readonly era: number;
  /** One of `outcomes`. */
  readonly outcomes: Uint8Array<ArrayBuffer>;
  /** sha256, 32 bytes each. */
  readonly contents: Uint8Array<ArrayBuffer>;
  readonly sizes: Float64Array<ArrayBuffer>;
  /** Where files stored whole are. */
  readonly packs: Uint32Array<ArrayBuffer>;
  readonly positions: Uint32Array<ArrayBuffer>;
  /** Device, inode, size, mtime and ctime of each file that was read and may be remembered. */
  readonly identities: Float64Array<ArrayBuffer>;
  readonly chunked: readonly { at: number; chunks: ChunkList; packs: ReadonlyMap<number, number> }[];
  readonly troubles: readonly { at: number; problem: FileTrouble['problem']; code: string }[];
  /** Of the stat cache: rows that were of use. */
  readonly agedBlocks: readonly StatCacheBlock[];
}

/**
 * Reads files and stores or only hashes them; those that the stat cache knows are not read. What is stored is in packs, but
 * not synced yet.
 * @throws what the disk says on writing; what a file says on reading is its outcome.
 */
export function takeFiles(
  context: WorkerContext,
  { paths, isStored }: { paths: readonly string[]; isStored: boolean },
): TakenFiles {
  const length = paths.length;
  const columns = {
    outcomes: new Uint8Array(length),
    contents: new Uint8Array(length * 32),
    sizes: new Float64Array(length),
    packs: new Uint32Array(length),
    positions: new Uint32Array(length),
    identities: new Float64Array(length * 5),
  };
  const chunked: { at: number; chunks: ChunkList; packs: ReadonlyMap<number, number> }[] = [];
  const troubles: { at: number; problem: FileTrouble['problem']; code: string }[] = [];
  const era = context.writer.era();
  const known = context.index.contents(context.now());
  const places = new Map<string, Place>();
  let bytes = 0;
  let readBytes = 0;
  let count = 0;
  for (const path of paths) {
    if (readBytes >= answerBytes) break;
    const at = count++;
    try {
      take(at, path);
    } catch (error) {
      if (!(error instanceof FileTrouble)) throw error;
      columns.outcomes[at] = outcomes.trouble;
      troubles.push({ at, problem: error.problem, code: error.code });
    }
  }
  return { count, bytes, era, ...columns, chunked, troubles, agedBlocks: known.aged };

  function take(at: number, path: string): void {
    const readAt = context.now();
    const seen = identityAt(context.operations, path);
    const remembered = known.contentOf(seen);
    if (remembered !== null && tellKnown(at, remembered, seen)) return;
    if (seen.sizeBytes >= largeFileBytes) {
      columns.outcomes[at] = outcomes.large;
      return;
    }
    const source = openSource(context.operations, path);
    try {
      if (source.identity.sizeBytes < wholeFileBytes) takeWhole(at, source);
      else takeInParts(at, source);
      readBytes += source.identity.sizeBytes;
      if (isSettled(source.identity, readAt)) {
        const { device, inode, sizeBytes, mtimeMs, ctimeMs } = source.identity;
        columns.identities.set([device, inode, sizeBytes, mtimeMs, ctimeMs], at * 5);
      }
    } finally {
      source.close();
    }
  }

  function tell(at: number, outcome: number, content: Uint8Array, identity: FileIdentity): void {
    columns.outcomes[at] = outcome;
    columns.contents.set(content, at * 32);
    columns.sizes[at] = identity.sizeBytes;
    bytes += identity.sizeBytes;
  }

  /** Answers for a content that need not be stored. Returns false for one that has to be. */
  function tellKnown(at: number, content: Buffer, identity: FileIdentity): boolean {
    const storedAt = isStored ? context.index.storedAt(content.toString('hex')) : null;
    if (isStored && storedAt === null) return false;
    const isAged = storedAt !== null && context.now() - storedAt > agedMs;
    tell(at, isAged ? outcomes.aged : isStored ? outcomes.known : outcomes.hashed, content, identity);
    return true;
  }

  function takeWhole(at: number, source: SourceFile): void {
    // One byte more than there should be: a file that grows meanwhile is seen.
    const count = source.read(small.subarray(0, source.identity.sizeBytes + 1));
    source.end();
    const content = small.subarray(0, count);
    const sha256 = hash('sha256', content, 'buffer');
    if (tellKnown(at, sha256, source.identity)) return;
    const key = sha256.toString('latin1');
    let place = places.get(key);
    if (place === undefined) {
      place = context.writer.append(pieceKinds.whole, sha256, content);
      places.set(key, place);
    }
    columns.packs[at] = place.pack;
    columns.positions[at] = place.position;
    tell(at, outcomes.whole, sha256, source.identity);
  }

  function takeInParts(at: number, source: SourceFile): void {
    const sha256 = createHash('sha256');
    const session = isStored ? createChunkSession(context) : null;
    const slot = new Uint8Array(context.memory.buffer, contentStart, slotBytes);
    for (;;) {
      const count = source.read(slot);
      sha256.update(slot.subarray(0, count));
      session?.take(contentStart, contentStart + count);
      if (count < slot.length) break;
    }
    source.end();
    const content = sha256.digest();
    if (tellKnown(at, content, source.identity) || session === null) return;
    const { chunks, packs } = session.finish(content.toString('hex'));
    chunked.push({ at, chunks, packs });
    tell(at, outcomes.chunked, content, source.identity);
  }
}

/** For one small file at a time. */
const small = new Uint8Array(wholeFileBytes + 1);
