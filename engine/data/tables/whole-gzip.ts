import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/**
 * Reads a packed file to its end. DuckDB takes one that was cut off for a shorter one, and loses its rows without a word.
 * @throws where it is not whole, with how many bytes could be unpacked.
 */
export async function wholeGzip(path: string): Promise<void> {
  let bytes = 0;
  const count = new Writable({
    write(part: Buffer, _encoding, done) {
      bytes += part.length;
      done();
    },
  });
  await pipeline(createReadStream(path), createGunzip(), count).catch((error: unknown) => {
    throw brokenGzip(error, bytes);
  });
}

/** What unzipping says, with the place; another error as it is. */
export const brokenGzip = (error: unknown, bytes: number): unknown =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
    ? new Error(`Invalid gzip: ${error.message}, after ${bytes} bytes that could be unpacked.`, {
        cause: error,
      })
    : error;
