import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from '../../is-missing.ts';

/** What is known of a file that lies at the target. */
export interface WrittenFile {
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** A content that is known before it is written, and can be read from any place on. */
export interface KnownContent extends WrittenFile {
  from(offset: number): AsyncIterable<Uint8Array>;
}

/** Hears of the bytes before they are written, and may let them wait. */
export type Pace = (bytes: number) => Promise<void>;

/**
 * Writes a file so that nobody ever sees half of it: beside its place, flushed, renamed. What an earlier attempt left is gone on
 * with, where it is the beginning of the same content. Returns false when the file was there already, read and compared.
 */
export async function writeKnown(path: string, content: KnownContent, pace: Pace): Promise<boolean> {
  if ((await sizeAt(path)) === content.sizeBytes && (await hashFile(path)).sha256 === content.sha256)
    return false;
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  const offset = await soundPrefix(part, content);
  await withFile(part, offset === 0 ? 'w' : 'a', async (file) => {
    for await (const bytes of content.from(offset)) {
      await pace(bytes.length);
      await file.writeFile(bytes);
    }
    await file.sync();
  });
  await rename(part, path);
  return true;
}

/** Writes what is only known once it is made, in the same way. */
export async function writeMade(
  path: string,
  content: AsyncIterable<Uint8Array> | string,
  pace: Pace,
): Promise<WrittenFile> {
  await mkdir(dirname(path), { recursive: true });
  // A name of its own: two laptops may write the same file at the same moment.
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    await withFile(part, 'w', async (file) => {
      for await (const bytes of typeof content === 'string' ? [Buffer.from(content)] : content) {
        await pace(bytes.length);
        hash.update(bytes);
        sizeBytes += bytes.length;
        await file.writeFile(bytes);
      }
      await file.sync();
    });
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

/** sha256 and size of a file, read from its first byte to its last. */
export async function hashFile(path: string): Promise<WrittenFile> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const bytes of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(bytes as Buffer);
    sizeBytes += (bytes as Buffer).length;
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

export async function sizeAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** How much of a content lies in a file that was not finished; 0 where it is something else. */
async function soundPrefix(part: string, content: KnownContent): Promise<number> {
  const size = await sizeAt(part);
  if (size === null || size === 0 || size > content.sizeBytes) return 0;
  const { sha256 } = await hashFile(part);
  const own = createHash('sha256');
  let left = size;
  for await (const bytes of content.from(0)) {
    own.update(bytes.subarray(0, left));
    left -= Math.min(left, bytes.length);
    if (left === 0) break;
  }
  return own.digest('hex') === sha256 ? size : 0;
}

async function withFile(
  path: string,
  flags: string,
  work: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
