import { statSync } from 'node:fs';
import type { Store } from '../store/index.ts';
import { rememberFiles } from './commit-objects.ts';
import { identityOf } from './file-identity.ts';
import { statCacheReader } from './stat-cache.ts';
import type { StoredObject } from './stored-object.ts';

/** More files than these are shared out among the workers at once: looking them up here would hold up the engine. */
const filesAtMost = 512;

/**
 * The contents of files that are as they were when they were last read, 10 microseconds each and without a worker, which takes a
 * tenth of a second to start. Undefined for a file that has to be read, or cannot be.
 */
export function knownContents(
  store: Store,
  paths: readonly string[],
  nowMs: number,
): (StoredObject | undefined)[] {
  if (paths.length > filesAtMost) return paths.map(() => undefined);
  const { known, aged } = store.now((db) => {
    const { contentOf, aged } = statCacheReader(db, nowMs);
    const known = paths.map((path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats?.isFile() !== true) return undefined;
      const content = contentOf(identityOf(stats));
      return content === null ? undefined : { objectId: content.toString('hex'), sizeBytes: stats.size };
    });
    return { known, aged };
  });
  if (aged.length > 0) void rememberFiles(store, nowMs, [], aged).catch(() => undefined); // then they age on
  return known;
}
