import type Database from 'better-sqlite3';
import type { Piece } from './locate.ts';

/** A piece of a pack as the index has it, and what it is a piece of. */
export interface IndexedPiece extends Omit<Piece, 'first'> {
  /** sha256 of a file that is stored whole, hex; null for a chunk. */
  readonly objectId: string | null;
}

/** Everything that the index knows of one pack, swept objects too, in the order in which it lies there. */
export function indexedPieces(db: Database.Database, pack: number): IndexedPiece[] {
  const chunks = db
    .prepare('SELECT id, proof, position, size_bytes AS sizeBytes FROM chunk WHERE pack = ?')
    .all(pack) as { id: number; proof: Buffer; position: number; sizeBytes: number }[];
  const files = db
    .prepare(
      `SELECT id, position, size_bytes AS sizeBytes FROM object WHERE pack = @pack
       UNION ALL SELECT id, position, size_bytes FROM swept_object WHERE pack = @pack`,
    )
    .all({ pack }) as { id: string; position: number; sizeBytes: number }[];
  const pieces = [
    ...chunks.map(({ id, ...piece }): IndexedPiece => ({ ...piece, pack, chunk: id, objectId: null })),
    ...files.map(({ id, ...piece }): IndexedPiece => ({
      ...piece,
      pack,
      proof: Buffer.from(id, 'hex'),
      chunk: null,
      objectId: id,
    })),
  ];
  return pieces.toSorted((one, other) => one.position - other.position);
}
