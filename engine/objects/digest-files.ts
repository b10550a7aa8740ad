import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { FileTrouble, openSource } from './source-file.ts';
import { slotBytes } from './take-files.ts';
import type { WorkerContext } from './worker-context.ts';

/** A content by the name that it has here and the one that DVC knows it by. */
export interface FileDigests {
  readonly objectId: string;
  /** Hex. */
  readonly md5: string;
}

/** sha256 and md5 of files, both of the same bytes; null for one that cannot be read. Other work goes on in between. */
export async function digestFiles(
  { operations }: WorkerContext,
  { paths, cancelled }: { paths: readonly string[]; cancelled: Int32Array },
): Promise<(FileDigests | null)[]> {
  const bytes = new Uint8Array(4 * slotBytes);
  const digests: (FileDigests | null)[] = [];
  for (const path of paths) {
    await turn();
    digests.push(await digest(path).catch(troubleAsNull));
  }
  return digests;

  async function digest(path: string): Promise<FileDigests | null> {
    const source = openSource(operations, path);
    try {
      const [sha256, md5] = [createHash('sha256'), createHash('md5')];
      for (;;) {
        if (Atomics.load(cancelled, 0) === 1) return null;
        const count = source.read(bytes);
        for (const hash of [sha256, md5]) hash.update(bytes.subarray(0, count));
        if (count < bytes.length) break;
        await turn();
      }
      source.end();
      return { objectId: sha256.digest('hex'), md5: md5.digest('hex') };
    } finally {
      source.close();
    }
  }
}

function troubleAsNull(error: unknown): null {
  if (error instanceof FileTrouble) return null;
  throw error;
}
