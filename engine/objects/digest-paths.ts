import { BenchtopError } from '../../contract/index.ts';
import type { FileDigests } from './digest-files.ts';
import type { ObjectWorkers } from './object-workers.ts';

const pathsAtOnce = 64;

/** Has the workers digest many files, a few at a time. @throws {BenchtopError} `cancelled`. */
export async function digestPaths(
  workers: ObjectWorkers,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<(FileDigests | null)[]> {
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const cancel = () => Atomics.store(cancelled, 0, 1);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const digests: (FileDigests | null)[] = [];
    for (let from = 0; from < paths.length; from += pathsAtOnce) {
      if (signal.aborted) throw new BenchtopError({ code: 'cancelled', what: 'It was cancelled.' });
      const some = paths.slice(from, from + pathsAtOnce);
      digests.push(...(await workers.call(workers.leastBusy(), 'digest', { paths: some, cancelled })));
    }
    return digests;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
