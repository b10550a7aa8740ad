import { constants } from 'node:fs';
import { readWhole, type FileOperations } from './file-operations.ts';
import { packPath, pieceHeadBytes } from './pack-format.ts';

/** Reads pieces of packs, those that follow each other with one call. */
export interface PackReader {
  /** The bytes of a piece, valid until the next read; null when the pack is not there or ends before. */
  read(pack: number, position: number, sizeBytes: number): Uint8Array | null;
  /** Whether a piece was read together with the last one: then what `read` has given out stays valid beside it. */
  holds(pack: number, position: number, sizeBytes: number): boolean;
  /** Lets go of the files: they may be removed or replaced meanwhile. */
  release(): void;
}

/** Read with one call: little, as what lies behind a small file may be of no use; more where one reads on and on. */
const aheadBytes = 256 * 1024;
const farAheadBytes = 1024 * 1024;
const readsBeforeFar = 8;
const maxFiles = 4;

export function createPackReader(operations: FileOperations, objectsPath: string): PackReader {
  const ahead = new Uint8Array(farAheadBytes);
  let held = { pack: -1, position: 0, sizeBytes: 0 };
  /** Reads that began where the one before ended. */
  let readsOn = 0;
  const files = new Map<number, number>();

  function fileOf(pack: number): number {
    const known = files.get(pack);
    if (known !== undefined) return known;
    for (const [other, file] of files) {
      if (files.size < maxFiles) break;
      operations.close(file);
      files.delete(other);
    }
    const file = operations.open(packPath(objectsPath, pack), constants.O_RDONLY);
    files.set(pack, file);
    return file;
  }

  const holds = (pack: number, position: number, sizeBytes: number) =>
    held.pack === pack && position >= held.position && position + sizeBytes <= held.position + held.sizeBytes;

  return {
    holds,
    read(pack, position, sizeBytes) {
      if (!holds(pack, position, sizeBytes)) {
        const isNext =
          held.pack === pack &&
          position > held.position &&
          position <= held.position + held.sizeBytes + pieceHeadBytes;
        readsOn = isNext ? readsOn + 1 : 0;
        const wanted = readsOn < readsBeforeFar ? aheadBytes : farAheadBytes;
        held = { pack: -1, position: 0, sizeBytes: 0 };
        try {
          const count = readWhole(operations, fileOf(pack), ahead, wanted, position);
          held = { pack, position, sizeBytes: count };
        } catch (error) {
          if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
          throw error;
        }
      }
      const at = position - held.position;
      return at + sizeBytes <= held.sizeBytes ? ahead.subarray(at, at + sizeBytes) : null;
    },
    release() {
      for (const file of files.values()) operations.close(file);
      files.clear();
      held = { pack: -1, position: 0, sizeBytes: 0 };
    },
  };
}
