import type Database from 'better-sqlite3';
import { constants } from 'node:fs';
import { prepared } from '../prepared.ts';
import { readWhole } from './file-operations.ts';
import { indexedPieces, type IndexedPiece } from './indexed-pieces.ts';
import { isSound } from './locate.ts';
import { pieceKinds } from './pack-format.ts';
import type { Place } from './pack-writer.ts';
import { soundPiece } from './scrub-pack.ts';
import type { WorkerContext } from './worker-context.ts';

/** A piece that has been written a second time, not synced yet, and where. */
export interface MovedPiece {
  readonly piece: IndexedPiece;
  readonly to: Place;
}

export interface MovedPieces {
  readonly moved: readonly MovedPiece[];
  readonly era: number;
}

/** Writes all that is in use of a pack into another one. Null when some of it is damaged: then it stays where it is. */
export function rewritePack(
  { reader, writer }: WorkerContext,
  db: Database.Database,
  { pack }: { pack: number },
): MovedPieces | null {
  const era = writer.era();
  const moved: MovedPiece[] = [];
  for (const piece of indexedPieces(db, pack)) {
    const bytes = soundPiece(reader, piece);
    if (bytes === null) return null;
    moved.push({ piece, to: writer.append(kindOf(piece), piece.proof, bytes) });
  }
  return { moved, era };
}

/** Where a damaged piece may be found once more: a file, and where in it. */
export interface Copy {
  readonly path: string;
  readonly position: number;
}

/** Writes pieces anew from the first copy whose bytes are the right ones; those without one are left out. */
export function mendPieces(
  { operations, writer }: WorkerContext,
  { pieces }: { pieces: readonly { piece: IndexedPiece; copies: readonly Copy[] }[] },
): MovedPieces {
  const era = writer.era();
  const moved: MovedPiece[] = [];
  for (const { piece, copies } of pieces) {
    const bytes = new Uint8Array(piece.sizeBytes);
    const isFound = copies.some((copy) => {
      try {
        const file = operations.open(copy.path, constants.O_RDONLY);
        try {
          return (
            readWhole(operations, file, bytes, bytes.length, copy.position) === bytes.length &&
            isSound(piece, bytes)
          );
        } finally {
          operations.close(file);
        }
      } catch {
        return false; // what cannot be read is no copy
      }
    });
    if (isFound) moved.push({ piece, to: writer.append(kindOf(piece), piece.proof, bytes) });
  }
  return { moved, era };
}

const kindOf = ({ chunk }: IndexedPiece) => (chunk === null ? pieceKinds.whole : pieceKinds.chunk);

/** Tells the index where pieces are now, unless it has them elsewhere already. */
export function commitMoved(db: Database.Database, moved: readonly MovedPiece[]): void {
  for (const { piece, to } of moved) {
    const { pack, position } = piece;
    if (piece.chunk !== null)
      prepared(db, 'UPDATE chunk SET pack = ?, position = ? WHERE id = ? AND pack = ? AND position = ?').run(
        to.pack,
        to.position,
        piece.chunk,
        pack,
        position,
      );
    else
      for (const table of ['object', 'swept_object'])
        prepared(
          db,
          `UPDATE ${table} SET pack = ?, position = ? WHERE id = ? AND pack = ? AND position = ?`,
        ).run(to.pack, to.position, piece.objectId, pack, position);
  }
}
