import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Writes files of bytes without pattern, a hundred in a folder. Returns their paths. */
export function writeNoiseFiles(folder: string, count: number, sizeBytes: number, seed: number): string[] {
  const paths: string[] = [];
  const next = noiseFrom(seed);
  for (let number = 0; number < count; number++) {
    const within = join(folder, String(Math.floor(number / 100)));
    if (number % 100 === 0) mkdirSync(within, { recursive: true });
    const path = join(within, `${number}.bin`);
    writeFileSync(path, next(sizeBytes));
    paths.push(path);
  }
  return paths;
}

/** Writes a file of bytes without pattern. @param sizeBytes a multiple of 4 MiB. */
export function writeNoiseFile(path: string, sizeBytes: number, seed: number): void {
  const blockBytes = 4 * 2 ** 20;
  const file = openSync(path, 'w');
  const next = noiseFrom(seed);
  for (let at = 0; at < sizeBytes; at += blockBytes) writeSync(file, next(blockBytes));
  closeSync(file);
}

/** Makes bytes without pattern (xorshift32), a new part at each call. */
export function noiseFrom(seed: number): (sizeBytes: number) => Uint8Array {
  let x = seed | 1;
  return (sizeBytes) => {
    const words = new Uint32Array(Math.ceil(sizeBytes / 4));
    for (let index = 0; index < words.length; index++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      words[index] = x;
    }
    return new Uint8Array(words.buffer, 0, sizeBytes);
  };
}
