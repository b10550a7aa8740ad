import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate } from './alternate.ts';
import type { Figure, Samples } from './measure.ts';
import { elapsed, withObjects } from './with-objects.ts';

const blockBytes = 4 * 2 ** 20;

/** What any program needs to know a file by its content: reading and sha256 of it, in this thread. */
export function hashFile(path: string): string {
  const sha256 = createHash('sha256');
  const bytes = new Uint8Array(blockBytes);
  const file = openSync(path, 'r');
  for (let count = blockBytes; count > 0;) {
    count = readSync(file, bytes);
    sha256.update(bytes.subarray(0, count));
  }
  closeSync(file);
  return sha256.digest('hex');
}

/** What any program needs to have a file's bytes on the disk once more. */
export function copySynced(from: string, to: string): void {
  rmSync(to, { force: true });
  copyFileSync(from, to);
  const file = openSync(to, 'r+');
  fsyncSync(file);
  closeSync(file);
}

/**
 * How long a file takes that is stored for the first time, in milliseconds; by an engine that has stored something before, so that its
 * threads are there.
 * @param home made anew.
 * @param memory is told how much more memory was in use at most, in MB.
 */
export function addTime(path: string, home: string, memory: number[]): Promise<number> {
  return withObjects(home, async (objects) => {
    await objects.putFiles([fileURLToPath(import.meta.url)]);
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
    const took = await elapsed(() => objects.putFiles([path]));
    clearInterval(watch);
    memory.push((most - before) / 1e6);
    return took;
  });
}

/**
 * The same with the file and the home in memory, beside sha256 of it: what a disk that keeps up would make of it. Null where there is
 * no file system in memory with room for the file and what is stored of it.
 */
export async function addInMemory(
  source: string,
  sizeBytes: number,
  rounds: number,
): Promise<Required<Pick<Samples, 'ours' | 'floor'>> | null> {
  const shared = '/dev/shm';
  if (!existsSync(shared)) return null;
  const { bavail, bsize } = statfsSync(shared);
  if (Math.min(bavail * bsize, freemem()) < 3 * sizeBytes) return null;
  const folder = mkdtempSync(join(shared, 'benchtop-bench-'));
  try {
    const copy = join(folder, 'source.bin');
    copyFileSync(source, copy);
    return await alternate(rounds, {
      floor: () => elapsed(() => hashFile(copy)),
      ours() {
        touchMemory(copy, join(folder, 'touched'));
        return addTime(copy, join(folder, 'home'), []);
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Uses as much memory as a file takes and frees it: what a virtual machine frees goes back to its host within seconds, and is given to
 * it again at seven times the cost of a page that it has.
 */
function touchMemory(from: string, to: string): void {
  copyFileSync(from, to);
  rmSync(to);
}

export const inMemoryFigure = (gibibytes: number, samples: Samples): Figure => ({
  name: `first add of ${gibibytes} GiB, in files in memory`,
  unit: 'ms',
  below: null,
  ratio: { atMost: 1.3 },
  floorIs: 'reading and sha256, one core',
  samples,
});

export const inMemoryNote = (samples: Samples | null): string =>
  samples === null
    ? 'There is no file system in memory with room for it, so it is not known what a disk that keeps up would make of it.'
    : 'Files in memory (/dev/shm) stand for a disk that keeps up with sha256; as much memory was written to and freed right before. A virtual machine that gives freed memory back to its host within seconds still pays for some of 5 GiB once more.';
