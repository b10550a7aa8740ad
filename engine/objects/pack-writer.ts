import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { writeTogether, writeTogetherBeside, writeWhole, type FileOperations } from './file-operations.ts';
import {
  fullPackBytes,
  packHead,
  packPath,
  pieceHeadBytes,
  pieceKinds,
  writePieceHead,
  type PieceKind,
} from './pack-format.ts';

/** Where the bytes of a piece are: behind its head. */
export interface Place {
  readonly pack: number;
  readonly position: number;
}

/** Appends pieces to packs. Nothing counts before `sync` has resolved; then the index may name it. */
export interface PackWriter {
  /** What it is given may be overwritten then. A chunk can be read from its pack at once. */
  append(kind: PieceKind, proof: Uint8Array, bytes: Uint8Array): Place;
  /**
   * The same for a chunk that stays as it is until `returned` resolves: it is written beside the thread, together with what is lent
   * before and behind it. Until then it cannot be read from its pack, and `lentAt` gives it.
   */
  lend(proof: Uint8Array, chunk: Uint8Array): Place;
  lentAt(place: Place): Uint8Array | undefined;
  /**
   * Resolves when all that was lent is in its packs.
   * @throws what the disk said of it.
   */
  returned(): Promise<void>;
  /** Resolves when no more than one full pack waits for the disk, so that memory does not fill with what is unwritten. */
  ease(): Promise<void>;
  /** Rises when pieces were lost: those of a lesser era that had not been synced are not there. */
  era(): number;
  /**
   * Makes everything that was appended durable.
   * @param since the era in which the caller's first piece was appended.
   * @throws what the disk said when pieces of the caller were lost.
   */
  sync(since: number): Promise<void>;
  /** Lets go of the pack it writes to; the next piece goes into a new one. All that counts has been synced. */
  close(): void;
}

/** Bytes that are gathered for one write. */
const gatherBytes = 2 * 1024 * 1024;

interface OpenPack {
  readonly pack: number;
  readonly file: number;
  /** What is synced, what is in the file, and what is appended to it. */
  syncedBytes: number;
  writtenBytes: number;
  endBytes: number;
  /** The sync of the file that goes on, if any: it is not closed before. */
  syncing: Promise<void> | null;
  /** What is being written beside the thread; the file is not closed before. */
  readonly writing: Set<Promise<void>>;
}

/** Where a piece is, in one number: packs stay far below 2^32 bytes. */
const placeKey = ({ pack, position }: Place) => pack * 2 ** 32 + position;

export function createPackWriter({
  operations,
  objectsPath,
  nextPack,
  resumed,
}: {
  operations: FileOperations;
  objectsPath: string;
  /** The number of a pack that no one has. */
  nextPack: () => number;
  /** A pack with room, and how much of it the index knows: what lies behind is left over from a crash. */
  resumed: { pack: number; sizeBytes: number } | null;
}): PackWriter {
  const gathered = new Uint8Array(gatherBytes);
  let open: OpenPack | null = null;
  /** Chunks that were lent and are not on their way yet, with their heads: they end where the open pack ends. */
  let borrowed: { place: Place; head: Uint8Array; chunk: Uint8Array }[] = [];
  /** All that was lent and is not in its pack, and what is on its way. */
  const lent = new Map<number, Uint8Array>();
  const onTheirWay = new Set<Promise<void>>();
  let isFolderChanged = false;
  let toResume = resumed;
  let eraNow = 0;
  let lastFailure: unknown = null;
  /** Full packs on their way to the disk. */
  let leaving: Promise<void>[] = [];
  let syncing: Promise<unknown> = Promise.resolve();

  function openPack(): OpenPack {
    if (toResume !== null) {
      const { pack, sizeBytes } = toResume;
      toResume = null;
      const file = operations.open(packPath(objectsPath, pack), constants.O_RDWR);
      if (operations.stat(file).size >= sizeBytes) {
        operations.truncate(file, sizeBytes);
        return {
          pack,
          file,
          syncedBytes: sizeBytes,
          writtenBytes: sizeBytes,
          endBytes: sizeBytes,
          syncing: null,
          writing: new Set(),
        };
      }
      operations.close(file); // cut short: that is for `verify` to tell
    }
    const pack = nextPack();
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
    const file = operations.open(packPath(objectsPath, pack), flags, 0o600);
    isFolderChanged = true;
    gathered.set(packHead);
    return {
      pack,
      file,
      syncedBytes: 0,
      writtenBytes: 0,
      endBytes: packHead.length,
      syncing: null,
      writing: new Set(),
    };
  }

  function flush(): void {
    if (open === null || open.endBytes === open.writtenBytes) return;
    if (borrowed.length > 0) return send(open);
    const { file, writtenBytes, endBytes } = open;
    writeWhole(operations, file, gathered.subarray(0, endBytes - writtenBytes), writtenBytes);
    open.writtenBytes = endBytes;
  }

  /** Sets what is lent on its way to the file. */
  function send(to: OpenPack): void {
    const pieces = borrowed;
    const parts = pieces.flatMap(({ head, chunk }) => [head, chunk]);
    const done = writeTogetherBeside(operations, to.file, parts, to.writtenBytes)
      .catch((error: unknown) => {
        // A full pack's troubles are told where it leaves.
        if (open === to) giveUp(error);
        throw error;
      })
      .finally(() => {
        to.writing.delete(done);
        onTheirWay.delete(done);
        forget(pieces);
      });
    done.catch(() => undefined); // whoever lent it hears of it
    to.writtenBytes = to.endBytes;
    to.writing.add(done);
    onTheirWay.add(done);
    borrowed = [];
  }

  function forget(pieces: typeof borrowed): void {
    for (const { place } of pieces) lent.delete(placeKey(place));
  }

  /** Writes what is gathered and a chunk behind it: chunks lie in shared memory, and a copy out of it costs as much as sha256. */
  function writeThrough(to: OpenPack, gatheredNow: number, chunk: Uint8Array): void {
    writeTogether(operations, to.file, [gathered.subarray(0, gatheredNow), chunk], to.writtenBytes);
    to.writtenBytes = to.endBytes;
  }

  /** The disk refused: what was appended since the last sync is given up. */
  function giveUp(error: unknown): void {
    eraNow++;
    lastFailure = error;
    const lost = open;
    open = null;
    forget(borrowed);
    borrowed = [];
    if (lost === null) return;
    // A sync that failed may have dropped pages: this pack is not written to any more in this session.
    closeWhenWritten(lost, () => {
      try {
        operations.truncate(lost.file, lost.syncedBytes);
      } catch {
        // The tail is cut off, or the file removed, when the objects are opened next.
      }
    });
  }

  /** A file is closed at once when nothing is being written to it: its number could stand for another one by then. */
  function closeWhenWritten({ file, writing }: OpenPack, before: () => void = () => undefined): void {
    const end = () => {
      before();
      operations.close(file);
    };
    if (writing.size === 0) end();
    else void Promise.allSettled(writing).then(end);
  }

  function guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      giveUp(error);
      throw error;
    }
  }

  function rotate(full: OpenPack): void {
    flush();
    open = null;
    const left = leave(full);
    // Looked at by `sync`; until then nobody may call it unhandled.
    left.catch((error: unknown) => {
      if (leaving.includes(left)) giveUp(error);
    });
    leaving.push(left);
  }

  async function leave({ file, syncing, writing }: OpenPack): Promise<void> {
    try {
      await Promise.all(writing);
      await operations.sync(file);
    } finally {
      await Promise.allSettled([...writing, syncing]);
      operations.close(file);
    }
    await syncing;
  }

  async function syncAll(since: number): Promise<void> {
    if (since < eraNow) throw lastFailure;
    try {
      flush();
      const own = open;
      const endBytes = own?.endBytes ?? 0;
      const writing = [...(own?.writing ?? [])];
      const waiting = leaving;
      leaving = [];
      await Promise.all([...waiting, ...writing]);
      if (own !== null && own !== open) {
        // It became full meanwhile, and is on its way to the disk by itself.
        const left = leaving;
        leaving = [];
        await Promise.all(left);
      } else if (own !== null && own.syncedBytes < endBytes) {
        own.syncing = operations.sync(own.file);
        await own.syncing;
        own.syncedBytes = Math.max(own.syncedBytes, endBytes);
      }
      if (isFolderChanged) await syncFolder(operations, dirname(packPath(objectsPath, 0)));
      isFolderChanged = false;
    } catch (error) {
      if (since === eraNow) giveUp(error);
    }
    if (since < eraNow) throw lastFailure;
  }

  return {
    append: (kind, proof, bytes) =>
      guarded(() => {
        open ??= openPack();
        if (borrowed.length > 0) send(open);
        const needed = pieceHeadBytes + bytes.length;
        if (open.endBytes - open.writtenBytes + needed > gatherBytes) flush();
        const at = open.endBytes - open.writtenBytes;
        writePieceHead(gathered, at, kind, bytes.length, proof);
        const place = { pack: open.pack, position: open.endBytes + pieceHeadBytes };
        open.endBytes += needed;
        if (kind === pieceKinds.chunk) writeThrough(open, at + pieceHeadBytes, bytes);
        else gathered.set(bytes, at + pieceHeadBytes);
        if (open.endBytes >= fullPackBytes) rotate(open);
        return place;
      }),
    lend: (proof, chunk) =>
      guarded(() => {
        open ??= openPack();
        if (borrowed.length === 0) flush();
        const head = new Uint8Array(pieceHeadBytes);
        writePieceHead(head, 0, pieceKinds.chunk, chunk.length, proof);
        const place = { pack: open.pack, position: open.endBytes + pieceHeadBytes };
        borrowed.push({ place, head, chunk });
        lent.set(placeKey(place), chunk);
        open.endBytes += pieceHeadBytes + chunk.length;
        if (open.endBytes >= fullPackBytes) rotate(open);
        return place;
      }),
    lentAt: (place) => lent.get(placeKey(place)),
    async returned() {
      if (open !== null && borrowed.length > 0) send(open);
      await Promise.all(onTheirWay);
    },
    async ease() {
      while (leaving.length > 1) {
        const [first] = leaving;
        await first?.catch(() => undefined);
        if (leaving[0] === first) leaving = leaving.slice(1);
      }
    },
    era: () => eraNow,
    sync(since) {
      // One after the other: what one of them takes on must be on disk before another can say that all is.
      const done = syncing.then(() => syncAll(since));
      syncing = done.catch(() => undefined);
      return done;
    },
    close() {
      if (open !== null) closeWhenWritten(open);
      open = null;
      toResume = null;
    },
  };
}

/** Makes the name of a new file as durable as its bytes. Windows has no such call, and needs none. */
async function syncFolder(operations: FileOperations, path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = operations.open(path, constants.O_RDONLY);
  try {
    await operations.sync(folder);
  } finally {
    operations.close(folder);
  }
}
