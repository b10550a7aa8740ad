import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { isMissing } from '../is-missing.ts';
import type { Store } from '../store/index.ts';
import {
  damaged,
  isSound,
  layouts,
  notStored,
  pieceEvidence,
  piecesOf,
  placeOf,
  type Piece,
} from './locate.ts';
import { ownFilePath } from './own-file.ts';
import { packPath, pieceHeadBytes } from './pack-format.ts';

/** Read with one call where pieces lie behind each other, in bytes. */
const readAtOnceBytes = 1024 * 1024;

/**
 * The bytes of an object from `start` to before `end`, in parts of at most a MiB, each checked before it is given out.
 * @throws {BenchtopError} `not-found`, `damaged-object`.
 */
export async function* readObject(
  { store, objectsPath }: { store: Store; objectsPath: string },
  objectId: string,
  start: number,
  end: number,
): AsyncGenerator<Buffer<ArrayBuffer>> {
  const place = store.now((db) => placeOf(db, objectId));
  if (place === undefined) throw notStored(objectId);
  if (place.layout === layouts.ownFile) {
    yield* readOwnFile(ownFilePath(objectsPath, objectId), start, end);
    return;
  }
  /** One at a time. */
  const handles = new Map<number, FileHandle>();
  let lostAt = -1;
  try {
    for (let at = start; at < end;) {
      const from = at;
      // Looked up part by part: packs may be written anew while somebody reads slowly.
      const pieces = store.now((db) => {
        const now = placeOf(db, objectId);
        if (now === undefined) throw notStored(objectId);
        const [some = []] = piecesOf(db, objectId, now, from, Math.min(end, from + readAtOnceBytes));
        return some;
      });
      for (const run of together(pieces)) {
        const [{ pack }] = run;
        let handle = handles.get(pack);
        if (handle === undefined) {
          await closeAll(handles);
          const opened = await openPack(packPath(objectsPath, pack));
          if (opened === null) {
            if (lostAt === at) throw damaged(objectId, `${pieceEvidence(run[0])}: there is no such pack`);
            lostAt = at;
            break; // removed since it was looked up: its pieces are elsewhere
          }
          handles.set(pack, (handle = opened));
        }
        for (const { piece, bytes } of await readRun(handle, objectId, run)) {
          yield bytes.subarray(Math.max(0, start - piece.first), end - piece.first);
          at = piece.first + piece.sizeBytes;
        }
      }
    }
  } finally {
    await closeAll(handles);
  }
}

async function closeAll(handles: Map<number, FileHandle>): Promise<void> {
  for (const handle of handles.values()) await handle.close();
  handles.clear();
}

type Run = [Piece, ...Piece[]];

/** Pieces that lie behind each other in one pack, and are not too many bytes together. */
function together(pieces: readonly Piece[]): Run[] {
  const runs: Run[] = [];
  let runBytes = 0;
  for (const piece of pieces) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const isNext =
      last?.pack === piece.pack && last.position + last.sizeBytes + pieceHeadBytes === piece.position;
    if (run !== undefined && isNext && runBytes + piece.sizeBytes <= readAtOnceBytes) {
      run.push(piece);
      runBytes += piece.sizeBytes;
    } else {
      runs.push([piece]);
      runBytes = piece.sizeBytes;
    }
  }
  return runs;
}

/** Null when there is no such file. */
async function openPack(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function readRun(
  handle: FileHandle,
  objectId: string,
  run: Run,
): Promise<{ piece: Piece; bytes: Buffer<ArrayBuffer> }[]> {
  const [{ position }] = run;
  const last = run.at(-1) ?? run[0];
  const all = Buffer.allocUnsafeSlow(last.position + last.sizeBytes - position);
  const { bytesRead } = await handle.read(all, 0, all.length, position);
  return run.map((piece) => {
    const from = piece.position - position;
    const bytes = all.subarray(from, from + piece.sizeBytes);
    if (from + piece.sizeBytes > bytesRead || !isSound(piece, bytes))
      throw damaged(objectId, pieceEvidence(piece));
    return { piece, bytes };
  });
}

/** One that is a file of its own can only be checked as a whole: `verify` does, and whoever writes it as a file. */
async function* readOwnFile(path: string, start: number, end: number): AsyncGenerator<Buffer<ArrayBuffer>> {
  const handle = await open(path, constants.O_RDONLY);
  try {
    for (let at = start; at < end;) {
      const bytes = Buffer.allocUnsafeSlow(Math.min(readAtOnceBytes, end - at));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
      if (bytesRead === 0) throw new Error(`${path} is shorter than it was.`);
      yield bytes.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
