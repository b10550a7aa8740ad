import type Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { BenchtopError } from '../../contract/benchtop-error.ts';
import type { FileToWrite } from './file-batch.ts';
import { writeTogether } from './file-operations.ts';
import {
  damaged,
  isSound,
  layouts,
  notStored,
  pieceEvidence,
  piecesOf,
  placeOf,
  type Piece,
  type StoredPlace,
} from './locate.ts';
import { ownFilePath } from './own-file.ts';
import type { PackReader } from './pack-reader.ts';
import { openSource } from './source-file.ts';
import { largeFileBytes, slotBytes } from './take-files.ts';
import type { WorkerContext } from './worker-context.ts';

/** What became of files to write. */
export interface WrittenFiles {
  readonly bytes: number;
  /** Those that were left alone, as they are large enough to be written by several: their places among the files, and their sizes. */
  readonly large: readonly { readonly at: number; readonly sizeBytes: number }[];
}

/**
 * Writes objects as files, each piece checked before it is written. A file that could not be finished is removed.
 * @throws {BenchtopError} `not-found`, `already-exists`, `damaged-object`; or what the disk says.
 */
export function writeFiles(
  context: WorkerContext,
  db: Database.Database,
  files: readonly FileToWrite[],
  cancelled: Int32Array,
): WrittenFiles {
  const places = context.index.together(() => files.map(({ objectId }) => placeOf(db, objectId)));
  const large: { at: number; sizeBytes: number }[] = [];
  let bytes = 0;
  for (const [at, file] of files.entries()) {
    if (Atomics.load(cancelled, 0) === 1) break;
    const place = places[at];
    if (place === undefined) throw notStored(file.objectId);
    if (place.layout === layouts.chunked && place.sizeBytes >= largeFileBytes)
      large.push({ at, sizeBytes: place.sizeBytes });
    else bytes += writeOne(context, db, file, place, cancelled);
  }
  return { bytes, large };
}

function writeOne(
  context: WorkerContext,
  db: Database.Database,
  { objectId, path, mode = 0o644 }: FileToWrite,
  place: StoredPlace,
  cancelled: Int32Array,
): number {
  const { operations, index } = context;
  const file = createNewFile(context, path, mode);
  let isWhole = false;
  try {
    if (place.layout === layouts.ownFile) copyOwnFile(context, objectId, path);
    else {
      const look = () => [...piecesOf(db, objectId, place, 0, place.sizeBytes)].flat();
      // Only where there are many does it pay to look them up together.
      const pieces = place.layout === layouts.chunked ? index.together(look) : look();
      if (!writePieces(context, db, { objectId, file, pieces, cancelled })) return 0;
    }
    // The file was made with what the process masks from its mode.
    if ((mode & 0o111) !== 0) operations.setMode(path, mode);
    isWhole = true;
  } finally {
    operations.close(file);
    if (!isWhole) operations.remove(path);
  }
  return place.sizeBytes;
}

/**
 * Writes the pieces of an object that begin from `start` to before `end` into a file that is there.
 * @returns the bytes written.
 * @throws {BenchtopError} `not-found`, `damaged-object`; or what the disk says.
 */
export function writePart(
  context: WorkerContext,
  db: Database.Database,
  {
    objectId,
    path,
    start,
    end,
    cancelled,
  }: { objectId: string; path: string; start: number; end: number; cancelled: Int32Array },
): number {
  const { operations, index } = context;
  const place = placeOf(db, objectId);
  if (place === undefined) throw notStored(objectId);
  const found = index.together(() => [...piecesOf(db, objectId, place, start, end)].flat());
  const pieces = found.filter(({ first }) => first >= start);
  const file = operations.open(path, constants.O_WRONLY);
  try {
    if (!writePieces(context, db, { objectId, file, pieces, cancelled })) return 0;
  } finally {
    operations.close(file);
  }
  return pieces.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/**
 * Writes pieces of an object to their places, those with one call that were read with one: a call for each takes a sixth more
 * processor time on ext4. False when it was cancelled.
 */
function writePieces(
  { operations, reader }: WorkerContext,
  db: Database.Database,
  {
    objectId,
    file,
    pieces,
    cancelled,
  }: { objectId: string; file: number; pieces: readonly Piece[]; cancelled: Int32Array },
): boolean {
  let parts: Uint8Array[] = [];
  let from = 0;
  let to = 0;
  const flush = () => {
    if (parts.length > 0) writeTogether(operations, file, parts, from);
    parts = [];
  };
  for (const piece of pieces) {
    if (Atomics.load(cancelled, 0) === 1) return false;
    const { pack, position, sizeBytes, first } = piece;
    if (first !== to || !reader.holds(pack, position, sizeBytes)) flush();
    let bytes = reader.read(pack, position, sizeBytes);
    if (bytes === null || !isSound(piece, bytes)) {
      flush();
      bytes = movedBytes(reader, db, objectId, piece);
    }
    if (parts.length === 0) from = first;
    parts.push(bytes);
    to = first + sizeBytes;
  }
  flush();
  return true;
}

/** Opens a file that was not there. @throws {BenchtopError} `already-exists`; or what the disk says. */
export function createNewFile({ operations }: WorkerContext, path: string, mode: number): number {
  try {
    return operations.open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new BenchtopError(
        { code: 'already-exists', what: `${path} is there already.` },
        { cause: error },
      );
    throw error;
  }
}

/** The pack of a piece may have been written anew a moment ago: then it is elsewhere. @throws {BenchtopError} `damaged-object`. */
function movedBytes(reader: PackReader, db: Database.Database, objectId: string, piece: Piece): Uint8Array {
  const place = placeOf(db, objectId);
  if (place === undefined) throw notStored(objectId);
  const [[again] = []] = piecesOf(db, objectId, place, piece.first, piece.first + 1);
  if (again !== undefined && (again.pack !== piece.pack || again.position !== piece.position)) {
    const moved = reader.read(again.pack, again.position, again.sizeBytes);
    if (moved !== null && isSound(again, moved)) return moved;
  }
  throw damaged(objectId, pieceEvidence(piece));
}

/** One that is a file of its own shares its blocks with the copy, where the file system can. */
function copyOwnFile({ operations, objectsPath }: WorkerContext, objectId: string, path: string): void {
  const from = ownFilePath(objectsPath, objectId);
  operations.copy(from, path);
  const source = openSource(operations, path);
  try {
    const sha256 = createHash('sha256');
    const bytes = new Uint8Array(slotBytes);
    for (let count = slotBytes; count === slotBytes;) {
      count = source.read(bytes);
      sha256.update(bytes.subarray(0, count));
    }
    if (sha256.digest('hex') !== objectId) throw damaged(objectId, from);
  } finally {
    source.close();
  }
}
