import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  fsync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
  writev,
  writevSync,
  type Stats,
} from 'node:fs';
import { promisify } from 'node:util';

/**
 * The calls of the file system that the objects are read and written with: a test puts failing ones in their place. They
 * are synchronous, as a promise costs more than the whole call on a small file, and they run in a worker thread.
 */
export interface FileOperations {
  open(path: string, flags: number, mode?: number): number;
  /** Of an open file, or of a path (links are followed). */
  stat(file: number | string): Stats;
  read(file: number, bytes: Uint8Array, length: number, position: number | null): number;
  write(file: number, bytes: Uint8Array, position: number): number;
  /** All of the parts behind each other. Returns how many bytes of them were taken. */
  writeParts(file: number, parts: readonly Uint8Array[], position: number): number;
  /** The same beside the thread, for what is large: the parts stay as they are until it resolves. */
  writePartsBeside(file: number, parts: readonly Uint8Array[], position: number): Promise<number>;
  truncate(file: number, sizeBytes: number): void;
  /** Returns at once: the disk takes its time, and there is work to do meanwhile. */
  sync(file: number): Promise<void>;
  close(file: number): void;
  remove(path: string): void;
  setMode(path: string, mode: number): void;
  /** Over a file that is there; shares its blocks where the file system can. */
  copy(from: string, to: string): void;
}

const synced = promisify(fsync);
const written = promisify(writev);

export const fileOperations: FileOperations = {
  open: openSync,
  stat: (file) => (typeof file === 'number' ? fstatSync(file) : statSync(file)),
  read: (file, bytes, length, position) => readSync(file, bytes, 0, length, position),
  write: (file, bytes, position) => writeSync(file, bytes, 0, bytes.length, position),
  writeParts: writevSync,
  writePartsBeside: async (file, parts, position) => (await written(file, parts, position)).bytesWritten,
  truncate: ftruncateSync,
  sync: synced,
  close: closeSync,
  remove: unlinkSync,
  setMode: chmodSync,
  copy: (from, to) => copyFileSync(from, to, constants.COPYFILE_FICLONE),
};

/** Writes all of it: a call may take less than it is given. */
export function writeWhole(
  operations: FileOperations,
  file: number,
  bytes: Uint8Array,
  position: number,
): void {
  for (let at = 0; at < bytes.length;) at += operations.write(file, bytes.subarray(at), position + at);
}

/** Writes all of the parts behind each other with one call, and what that has not taken with more. */
export function writeTogether(
  operations: FileOperations,
  file: number,
  parts: readonly Uint8Array[],
  position: number,
): void {
  writeRest(operations, file, parts, position, operations.writeParts(file, parts, position));
}

/** The same beside the thread; the parts stay as they are until it resolves. */
export async function writeTogetherBeside(
  operations: FileOperations,
  file: number,
  parts: readonly Uint8Array[],
  position: number,
): Promise<void> {
  const taken = await operations.writePartsBeside(file, parts, position);
  writeRest(operations, file, parts, position, taken);
}

/** Writes what is left of parts of which the first bytes were taken. */
function writeRest(
  operations: FileOperations,
  file: number,
  parts: readonly Uint8Array[],
  position: number,
  takenBytes: number,
): void {
  let left = takenBytes;
  let at = position;
  for (const part of parts) {
    if (left < part.length) writeWhole(operations, file, part.subarray(left), at + left);
    left = Math.max(0, left - part.length);
    at += part.length;
  }
}

/** Reads until `length` bytes are there or the file ends. Returns how many there are. */
export function readWhole(
  operations: FileOperations,
  file: number,
  bytes: Uint8Array,
  length: number,
  position: number,
): number {
  let at = 0;
  while (at < length) {
    const count = operations.read(file, bytes.subarray(at), length - at, position + at);
    if (count === 0) break;
    at += count;
  }
  return at;
}
