import type Database from 'better-sqlite3';
import { prepared } from '../prepared.ts';
import { layouts } from './locate.ts';
import { readManifestBody } from './manifest-body.ts';

/** Pieces of content, each counted once however often it comes. A file that is stored whole is one piece. */
export interface ChunkDelta {
  readonly shared: number;
  readonly added: number;
  readonly removed: number;
  readonly addedBytes: number;
  readonly removedBytes: number;
}

/** What two sets of stored objects share, piece by piece; null where one of them is not stored. */
export function chunkDelta(
  db: Database.Database,
  { before, after }: { before: readonly string[]; after: readonly string[] },
): ChunkDelta | null {
  const old = piecesOfAll(db, before);
  const now = piecesOfAll(db, after);
  if (old === null || now === null) return null;
  const added = onlyIn(now, old);
  const removed = onlyIn(old, now);
  return {
    shared: now.size - added.count,
    added: added.count,
    removed: removed.count,
    addedBytes: added.bytes,
    removedBytes: removed.bytes,
  };
}

/** Sizes in bytes by the chunk's number, or by the id of an object that is one piece. */
type Pieces = ReadonlyMap<number | string, number>;

function piecesOfAll(db: Database.Database, objectIds: readonly string[]): Pieces | null {
  const object = prepared(db, 'SELECT size_bytes AS sizeBytes, layout FROM object WHERE id = ?');
  const parts = prepared(db, 'SELECT body FROM manifest WHERE object = ?').pluck();
  const pieces = new Map<number | string, number>();
  for (const objectId of objectIds) {
    const stored = object.get(objectId) as { sizeBytes: number; layout: number } | undefined;
    if (stored === undefined) return null;
    if (stored.layout !== layouts.chunked) pieces.set(objectId, stored.sizeBytes);
    else
      for (const body of parts.all(objectId) as Buffer[])
        for (const { id, sizeBytes } of readManifestBody(body)) pieces.set(id, sizeBytes);
  }
  return pieces;
}

function onlyIn(own: Pieces, other: Pieces): { count: number; bytes: number } {
  let count = 0;
  let bytes = 0;
  for (const [piece, sizeBytes] of own) {
    if (other.has(piece)) continue;
    count += 1;
    bytes += sizeBytes;
  }
  return { count, bytes };
}
