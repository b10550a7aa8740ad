import type Database from 'better-sqlite3';
import { constants } from 'node:fs';
import { chunksInPart, manifestEntryBytes, manifestHeadBytes } from './chunk-session.ts';
import { isMissing } from '../is-missing.ts';
import { readWhole, type FileOperations } from './file-operations.ts';
import { maxChunkBytes } from './gear.ts';
import { isSound } from './locate.ts';
import { packHead, packPath, pieceHeadBytes, pieceKinds, wholeFileBytes } from './pack-format.ts';
import { proofBytes } from './proof.ts';
import { isRefused } from './scrub-pack.ts';
import type { WorkerContext } from './worker-context.ts';

/** A piece as it stands in a pack, found without the index; its bytes were held against its proof. */
export interface FoundPiece {
  readonly kind: number;
  readonly position: number;
  readonly sizeBytes: number;
  /** sha256 of a file or of a part of a list, the proof of a chunk. */
  readonly proof: Buffer;
  /** Of a part of a list: the bytes. */
  readonly body: Buffer | null;
}

const proofAt = 8;
const mostBytes: Readonly<Record<number, number>> = {
  [pieceKinds.whole]: wholeFileBytes,
  [pieceKinds.chunk]: maxChunkBytes,
  [pieceKinds.manifest]: manifestHeadBytes + chunksInPart * manifestEntryBytes,
};

/**
 * Walks a pack from head to head, up to `end`, and gives out the pieces that are wanted and sound. Behind a damaged head it goes on
 * at the next piece that the index knows.
 */
export function* soundPieces(
  { operations, objectsPath }: Pick<WorkerContext, 'operations' | 'objectsPath'>,
  db: Database.Database,
  { pack, end }: { pack: number; end: number },
  isWanted: (kind: number, proof: Buffer) => boolean,
): Generator<FoundPiece> {
  const known = db
    .prepare(
      'SELECT position FROM chunk WHERE pack = @pack UNION SELECT position FROM object WHERE pack = @pack ORDER BY 1',
    )
    .pluck()
    .all({ pack }) as number[];
  const file = openIfThere(operations, packPath(objectsPath, pack));
  if (file === null) return;
  const readAt = (bytes: Uint8Array, position: number) => {
    try {
      return readWhole(operations, file, bytes, bytes.length, position) === bytes.length;
    } catch (error) {
      if (isRefused(error)) return false;
      throw error;
    }
  };
  try {
    const endBytes = Math.min(end, operations.stat(file).size);
    const head = Buffer.alloc(pieceHeadBytes);
    for (let at = packHead.length; at < endBytes;) {
      const isRead = readAt(head, at);
      const kind = head.readUInt32LE(0);
      const sizeBytes = head.readUInt32LE(4);
      const position = at + pieceHeadBytes;
      if (!isRead || !(sizeBytes <= (mostBytes[kind] ?? -1)) || position + sizeBytes > endBytes) {
        const next = known.find((place) => place - pieceHeadBytes > at);
        if (next === undefined) return;
        at = next - pieceHeadBytes;
        continue;
      }
      at = position + sizeBytes;
      const proof = Buffer.from(
        head.subarray(proofAt, proofAt + (kind === pieceKinds.chunk ? proofBytes : 32)),
      );
      if (!isWanted(kind, proof)) continue;
      const body = Buffer.alloc(sizeBytes);
      if (!readAt(body, position) || !isSound({ proof }, body)) continue;
      yield { kind, position, sizeBytes, proof, body: kind === pieceKinds.manifest ? body : null };
    }
  } finally {
    operations.close(file);
  }
}

function openIfThere(operations: FileOperations, path: string): number | null {
  try {
    return operations.open(path, constants.O_RDONLY);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
