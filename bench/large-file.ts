import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, fsyncSync, openSync, readSync, rmSync } from 'node:fs';
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
 * How long a file takes that is stored for the first time, in milliseconds.
 * @param home made anew.
 * @param memory is told how much more memory was in use at most, in MB.
 */
export function addTime(path: string, home: string, memory: number[]): Promise<number> {
  return withObjects(home, async (objects) => {
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
    const took = await elapsed(() => objects.putFiles([path]));
    clearInterval(watch);
    memory.push((most - before) / 1e6);
    return took;
  });
}
