import type Database from 'better-sqlite3';
import { setImmediate as turn } from 'node:timers/promises';
import { indexedPieces, type IndexedPiece } from './indexed-pieces.ts';
import { isSound } from './locate.ts';
import type { WorkerContext } from './worker-context.ts';

/** What reading a pack again brought to light. */
export interface ScrubbedPack {
  readonly readBytes: number;
  readonly damaged: readonly IndexedPiece[];
}

/** Bytes between two looks at what else there is to do. */
const turnBytes = 16 * 1024 * 1024;

/** Reads every piece of a pack that the index names and holds it against its proof. Bytes that cannot be read are damaged. */
export async function scrubPack(
  { reader }: WorkerContext,
  db: Database.Database,
  { pack }: { pack: number },
): Promise<ScrubbedPack> {
  const damaged: IndexedPiece[] = [];
  let readBytes = 0;
  let sinceTurn = 0;
  for (const piece of indexedPieces(db, pack)) {
    if (!isReadable(piece)) damaged.push(piece);
    readBytes += piece.sizeBytes;
    sinceTurn += piece.sizeBytes;
    if (sinceTurn < turnBytes) continue;
    sinceTurn = 0;
    await turn();
  }
  return { readBytes, damaged };

  function isReadable(piece: IndexedPiece): boolean {
    try {
      const bytes = reader.read(pack, piece.position, piece.sizeBytes);
      return bytes !== null && isSound(piece, bytes);
    } catch (error) {
      // The disk itself refuses these bytes; of anything else it is not to blame.
      if (error instanceof Error && 'code' in error && error.code === 'EIO') return false;
      throw error;
    }
  }
}
