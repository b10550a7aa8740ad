import type Database from 'better-sqlite3';
import type { ChunkedFile } from './chunk-stream.ts';
import { createChunkSession } from './chunk-session.ts';
import { createCutter, maxChunkBytes } from './gear.ts';
import { contentStart } from './gear-roll.ts';
import { layouts, piecesOf, placeOf, type Piece } from './locate.ts';
import { wholeFileBytes } from './pack-format.ts';
import type { WorkerContext } from './worker-context.ts';

/** A place at which a content differs from an earlier one. */
export interface Edit {
  /** In the earlier one. */
  readonly from: number;
  readonly removedBytes: number;
  readonly addedBytes: number;
}

/** A content that came of a stored one. */
export interface EditedContent {
  /** sha256 of all of it: whoever made it has computed that of these very bytes. */
  readonly objectId: string;
  readonly bytes: Uint8Array;
  /** What it came of; it was read from here. */
  readonly base: string;
  /** All of them, in order; none overlaps another. */
  readonly edits: readonly Edit[];
}

/**
 * Stores a content by cutting it only around the edits: as a cut depends on nothing before the chunk, all is as if the whole had been
 * cut. Not synced yet. Null when the earlier content is not stored in chunks, or the new one need not be.
 */
export function recut(
  context: WorkerContext,
  db: Database.Database,
  { objectId, bytes, base, edits }: EditedContent,
): ChunkedFile | null {
  const { writer, memory } = context;
  const place = placeOf(db, base);
  if (place?.layout !== layouts.chunked || bytes.length < wholeFileBytes) return null;
  const pieces = [...piecesOf(db, base, place, 0, place.sizeBytes)].flat();
  const numbers = new Map(pieces.map(({ first }, number) => [first, number]));
  const era = writer.era();
  const session = createChunkSession(context);
  const cutter = createCutter(memory);
  const slot = new Uint8Array(memory.buffer, contentStart, maxChunkBytes);

  let passed = 0; // edits
  let shift = 0; // what they add
  let editedTo = 0;
  for (let number = 0; number < pieces.length;) {
    const piece = pieces[number];
    if (piece === undefined) break;
    if (!isTouched(piece)) {
      session.reuse(piece);
      number++;
      continue;
    }
    for (let at = piece.first + shift; ;) {
      at = addChunk(at);
      pass(at);
      const next = at >= editedTo ? numbers.get(at - shift) : undefined;
      number = at === bytes.length ? pieces.length : (next ?? number);
      if (at === bytes.length || next !== undefined) break;
    }
  }
  return { objectId, era, ...session.finish(objectId) };

  /** What stands behind the last chunk makes it longer: nothing but the end has cut it. */
  function isTouched({ first, sizeBytes }: Piece): boolean {
    const end = first + sizeBytes;
    const from = edits[passed]?.from ?? Infinity;
    return from < end || (from === end && end === place?.sizeBytes);
  }

  /** Returns where the chunk that begins at a place ends. */
  function addChunk(from: number): number {
    const ahead = bytes.subarray(from, from + maxChunkBytes);
    slot.set(ahead);
    const cut = cutter.next(contentStart, contentStart + ahead.length);
    const sizeBytes = cut === -1 ? ahead.length : cut - contentStart;
    if (sizeBytes > 0) session.add(ahead.subarray(0, sizeBytes));
    return from + sizeBytes;
  }

  /** Counts the edits that begin before a place. */
  function pass(to: number): void {
    for (let edit = edits[passed]; edit !== undefined && edit.from + shift < to; edit = edits[passed]) {
      editedTo = edit.from + shift + edit.addedBytes;
      shift += edit.addedBytes - edit.removedBytes;
      passed++;
    }
  }
}
