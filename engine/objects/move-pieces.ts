import type Database from 'better-sqlite3';
import { constants } from 'node:fs';
import { prepared } from '../prepared.ts';
import { readWhole } from './file-operations.ts';
import { foundList } from './find-pieces.ts';
import { indexedPieces, type IndexedPiece } from './indexed-pieces.ts';
import { isSound } from './locate.ts';
import { pieceKinds } from './pack-format.ts';
import { soundPieces } from './pack-heads.ts';
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
  readonly lists: readonly MovedList[];
  readonly era: number;
}

/** A part of a file's list of chunks: no row names it. */
export interface MovedList {
  readonly to: Place;
  readonly sizeBytes: number;
}

/** Writes all that is in use of a pack into another one. Null when some of it is damaged: then it stays where it is. */
export function rewritePack(
  context: WorkerContext,
  db: Database.Database,
  { pack }: { pack: number },
): MovedPieces | null {
  const { reader, writer } = context;
  const era = writer.era();
  const moved: MovedPiece[] = [];
  for (const piece of indexedPieces(db, pack)) {
    const bytes = soundPiece(reader, piece);
    if (bytes === null) return null;
    moved.push({ piece, to: writer.append(kindOf(piece), piece.proof, bytes) });
  }
  return { moved, era, lists: moveLists(context, db, pack) };
}

/** The lists of files that are still there go along: from them the index could be made anew. */
function moveLists(context: WorkerContext, db: Database.Database, pack: number): MovedList[] {
  const lists: MovedList[] = [];
  const isListed = db.prepare('SELECT 1 FROM manifest WHERE object = ? LIMIT 1');
  const isList = (kind: number) => kind === pieceKinds.manifest;
  for (const { proof, body } of soundPieces(context, db, { pack, end: Infinity }, isList)) {
    if (body === null || isListed.get(foundList(body).objectId) === undefined) continue;
    lists.push({ to: context.writer.append(pieceKinds.manifest, proof, body), sizeBytes: body.length });
  }
  return lists;
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
  return { moved, era, lists: [] };
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
