import type Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { BenchtopError } from '../../contract/benchtop-error.ts';
import type { FileToWrite } from './file-batch.ts';
import { writeWhole } from './file-operations.ts';
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
      for (const piece of place.layout === layouts.chunked ? index.together(look) : look()) {
        if (Atomics.load(cancelled, 0) === 1) return 0;
        writeWhole(operations, file, soundBytes(context, db, objectId, piece), piece.first);
      }
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
  { objectId, path, start, end }: { objectId: string; path: string; start: number; end: number },
): number {
  const { operations, index } = context;
  const place = placeOf(db, objectId);
  if (place === undefined) throw notStored(objectId);
  const pieces = index.together(() => [...piecesOf(db, objectId, place, start, end)].flat());
  const file = operations.open(path, constants.O_WRONLY);
  let bytes = 0;
  try {
    for (const piece of pieces) {
      if (piece.first < start) continue;
      writeWhole(operations, file, soundBytes(context, db, objectId, piece), piece.first);
      bytes += piece.sizeBytes;
    }
  } finally {
    operations.close(file);
  }
  return bytes;
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

function soundBytes(
  { reader }: WorkerContext,
  db: Database.Database,
  objectId: string,
  piece: Piece,
): Uint8Array {
  const bytes = reader.read(piece.pack, piece.position, piece.sizeBytes);
  if (bytes !== null && isSound(piece, bytes)) return bytes;
  // Its pack may have been written anew a moment ago: then it is elsewhere.
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
