import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { readFile, type ReadFile } from './chunk-stream.ts';
import { openSource } from './source-file.ts';
import { slotBytes } from './take-files.ts';
import type { WorkerContext } from './worker-context.ts';

/**
 * sha256 of a file of any size; other work of the thread goes on between its parts. Null when it was cancelled.
 * @throws {FileTrouble}
 */
export async function hashLarge(
  { operations, now }: WorkerContext,
  { path, cancelled }: { path: string; cancelled: Int32Array },
): Promise<ReadFile | null> {
  const readAt = now();
  const source = openSource(operations, path);
  try {
    const sha256 = createHash('sha256');
    const bytes = new Uint8Array(4 * slotBytes);
    for (;;) {
      if (Atomics.load(cancelled, 0) === 1) return null;
      const count = source.read(bytes);
      sha256.update(bytes.subarray(0, count));
      if (count < bytes.length) break;
      await turn();
    }
    source.end();
    return readFile(source.identity, sha256, readAt);
  } finally {
    source.close();
  }
}
