import type Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { indexedPieces, type IndexedPiece } from './indexed-pieces.ts';
import { isMissing } from '../is-missing.ts';
import { isSound } from './locate.ts';
import { ownFilePath } from './own-file.ts';
import type { PackReader } from './pack-reader.ts';
import { slotBytes } from './take-files.ts';
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
    if (soundPiece(reader, piece) === null) damaged.push(piece);
    readBytes += piece.sizeBytes;
    sinceTurn += piece.sizeBytes;
    if (sinceTurn < turnBytes) continue;
    sinceTurn = 0;
    await turn();
  }
  return { readBytes, damaged };
}

/** The bytes of a piece, valid until the next read; null when they are not those that were stored, or cannot be read. */
export function soundPiece(reader: PackReader, piece: IndexedPiece): Uint8Array | null {
  try {
    const bytes = reader.read(piece.pack, piece.position, piece.sizeBytes);
    return bytes !== null && isSound(piece, bytes) ? bytes : null;
  } catch (error) {
    if (isRefused(error)) return null;
    throw error;
  }
}

/** Whether the disk itself refuses the bytes; of anything else it is not to blame. */
export const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EIO';

/** Reads an object that is a file of its own and holds it against its hash. */
export async function scrubOwnFile(
  { operations, objectsPath }: WorkerContext,
  { objectId }: { objectId: string },
): Promise<{ readBytes: number; isSound: boolean }> {
  const sha256 = createHash('sha256');
  const bytes = new Uint8Array(slotBytes);
  let readBytes = 0;
  try {
    const file = operations.open(ownFilePath(objectsPath, objectId), constants.O_RDONLY);
    try {
      for (let count = operations.read(file, bytes, bytes.length, null); count > 0;) {
        sha256.update(bytes.subarray(0, count));
        readBytes += count;
        await turn();
        count = operations.read(file, bytes, bytes.length, null);
      }
    } finally {
      operations.close(file);
    }
  } catch (error) {
    if (!isMissing(error) && !isRefused(error)) throw error;
    return { readBytes, isSound: false };
  }
  return { readBytes, isSound: sha256.digest('hex') === objectId };
}
