import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import type { FileFormat, Row } from './row.ts';

const chunkBytes = 256 * 1024;
/** A record that does not end within this is not one of a log. */
const maxRecordBytes = 8 * 1024 * 1024;
const tailBytes = 64;

/** How far one file has been read, as JSON. */
export const grownFileState = z.object({
  /** True for a file that turned out to hold no measures. */
  isForeign: z.boolean(),
  /** Size and time of change when it was read last. */
  seen: z.string(),
  offset: z.number(),
  /** The bytes before `offset`: when they are others, the file has been written anew. */
  tail: z.string(),
  rows: z.number(),
  /** Rows that were there before the run. */
  oldRows: z.number(),
  reader: z.unknown(),
});
export type GrownFileState = z.infer<typeof grownFileState>;

export const unread: GrownFileState = {
  isForeign: false,
  seen: '',
  offset: 0,
  tail: '',
  rows: 0,
  oldRows: 0,
  reader: null,
};

/**
 * Reads what a file holds beyond `before`. A file that was written anew is read from its beginning, and the rows that are
 * known are passed over. Returns null when nothing has changed.
 * @throws {Error} of the file system, when the file is gone or unreadable.
 */
export async function readGrown(
  path: string,
  format: FileFormat,
  before: GrownFileState,
): Promise<{ rows: Row[]; after: GrownFileState; changedAt: number } | null> {
  if (before.isForeign) return null;
  const file = await open(path, 'r');
  try {
    const { size, mtimeMs } = await file.stat();
    const seen = `${size} ${mtimeMs}`;
    if (seen === before.seen) return null;
    const isAnew = format.isWritten === 'anew' || size < before.offset || !(await endsWith(file, before));
    const known = isAnew ? before.rows - before.oldRows : 0;
    let state: GrownFileState = isAnew
      ? { ...unread, rows: format.isWritten === 'anew' ? before.rows : known, seen }
      : { ...before, seen };
    const rows: Row[] = [];
    let passedOver = format.isWritten === 'anew' ? before.rows : known;
    while (state.offset < size) {
      const reading = await readOn(file, format, state, size);
      if (reading === null) return { rows: [], after: { ...state, isForeign: true }, changedAt: mtimeMs };
      if (reading.usedBytes === 0) break;
      rows.push(...reading.rows.slice(passedOver));
      passedOver = Math.max(0, passedOver - reading.rows.length);
      state = { ...state, offset: state.offset + reading.usedBytes, reader: reading.state };
    }
    const after = {
      ...state,
      rows: state.rows + rows.length,
      tail: (await bytesOf(file, Math.max(0, state.offset - tailBytes), state.offset)).toString('base64'),
    };
    return { rows, after, changedAt: mtimeMs };
  } finally {
    await file.close();
  }
}

/** One reading, with as many bytes as the next record needs. */
async function readOn(file: FileHandle, format: FileFormat, state: GrownFileState, size: number) {
  const isWhole = format.isWritten === 'anew';
  for (let length = isWhole ? size : chunkBytes; ; length *= 8) {
    const end = Math.min(size, state.offset + length);
    const reading = format.read(await bytesOf(file, state.offset, end), state.reader);
    if (reading === null || reading.usedBytes > 0 || end === size || isWhole) return reading;
    if (length > maxRecordBytes) return null;
  }
}

async function endsWith(file: FileHandle, { offset, tail }: GrownFileState): Promise<boolean> {
  const bytes = await bytesOf(file, Math.max(0, offset - tailBytes), offset);
  return bytes.toString('base64') === tail;
}

async function bytesOf(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(to - from);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
}
