import { BenchtopError } from '../../contract/index.ts';
import type { BatchOptions, FileToWrite } from './file-batch.ts';
import { workerCount, type ObjectWorkers } from './object-workers.ts';

/** Files that a worker writes before it answers. */
const filesAtOnce = 256;
/** What a worker writes of a large file before it answers. */
const partBytes = 32 * 1024 * 1024;

/**
 * Writes objects as files with all workers: small ones side by side, then of each large one the parts.
 * @throws {BenchtopError} `not-found`, `already-exists`, `damaged-object`, `disk-full`, `cancelled`; files before it are there.
 */
export async function writeOut(
  { workers }: { workers: ObjectWorkers },
  files: readonly FileToWrite[],
  { signal, onProgress }: BatchOptions,
): Promise<void> {
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const cancel = () => Atomics.store(cancelled, 0, 1);
  const isCancelled = () => Atomics.load(cancelled, 0) === 1;
  if (signal?.aborted === true) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const done = { files: 0, bytes: 0 };
  const tell = (more: { files: number; bytes: number }) => {
    done.files += more.files;
    done.bytes += more.bytes;
    onProgress?.({ ...done });
  };
  const parted: { file: FileToWrite; sizeBytes: number }[] = [];
  try {
    let next = 0;
    await inAllWorkers(async (worker) => {
      while (next < files.length && !isCancelled()) {
        const some = files.slice(next, next + filesAtOnce);
        next += some.length;
        const { bytes, large } = await workers.call(worker, 'write', { files: some, cancelled });
        for (const { at, sizeBytes } of large) {
          const file = some[at];
          if (file !== undefined) parted.push({ file, sizeBytes });
        }
        tell({ files: some.length - large.length, bytes });
      }
    });
    for (const { file, sizeBytes } of parted) if (!isCancelled()) await writeParted(file, sizeBytes);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
  if (isCancelled()) throw new BenchtopError({ code: 'cancelled', what: 'It was cancelled.' });

  /** Waits for all, so that nothing goes on behind a failure, which ends the others too. */
  async function inAllWorkers(work: (worker: number) => Promise<void>): Promise<void> {
    const all = Array.from({ length: workerCount }, (_, worker) =>
      work(worker).catch((error: unknown) => {
        cancel();
        throw error;
      }),
    );
    for (const each of await Promise.allSettled(all)) if (each.status === 'rejected') throw each.reason;
  }

  async function writeParted({ objectId, path, mode = 0o644 }: FileToWrite, sizeBytes: number) {
    await workers.call(0, 'create', { path, mode });
    let isWhole = false;
    try {
      let next = 0;
      await inAllWorkers(async (worker) => {
        while (next < sizeBytes && !isCancelled()) {
          const start = next;
          const end = Math.min(sizeBytes, start + partBytes);
          next = end;
          const bytes = await workers.call(worker, 'writePart', {
            objectId,
            path,
            start,
            end,
            cancelled,
          });
          tell({ files: 0, bytes });
        }
      });
      // The file was made with what the process masks from its mode.
      if ((mode & 0o111) !== 0) await workers.call(0, 'setMode', { path, mode });
      isWhole = !isCancelled();
    } finally {
      if (!isWhole) await workers.call(0, 'remove', { paths: [path] });
    }
    tell({ files: 1, bytes: 0 });
  }
}
