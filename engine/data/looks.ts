import type { Objects } from '../objects/index.ts';
import { currentContent, type CurrentContent, type SnapshotTools } from './take-snapshot.ts';

/** What was seen of a path. */
export type Seen = Pick<CurrentContent, 'newestMs'> & { readonly version: string };

/** Looks at what paths hold. Who asks after something is over is told by any look that began after it. */
export interface Looks {
  /**
   * What a path without links in it holds.
   * @param since a look that began at this moment or later will do (`performance.now()`).
   * @param hashing what a new look hashes by, when not by the objects themselves.
   * @throws {BenchtopError} as `currentContent`; never what went wrong with the look of another.
   */
  since(
    path: string,
    since: number,
    signal: AbortSignal,
    hashing?: Pick<Objects, 'hashFiles'>,
  ): Promise<Seen>;
}

/** Paths whose last look is remembered. */
const pathsAtMost = 1000;

export function createLooks({ store, objects }: Pick<SnapshotTools, 'store' | 'objects'>): Looks {
  const last = new Map<string, { readonly beganAt: number; readonly seen: Promise<Seen> }>();
  return {
    async since(path, since, signal, hashing) {
      const before = last.get(path);
      if (before !== undefined && before.beganAt >= since) {
        const seen = await before.seen.catch(() => null);
        if (seen !== null) return seen;
      }
      const beganAt = performance.now();
      const by = hashing === undefined ? objects : { ...objects, ...hashing };
      const seen = currentContent({ store, objects: by }, path, signal).then(
        ({ version: { version }, newestMs }) => ({ version, newestMs }),
      );
      last.delete(path);
      last.set(path, { beganAt, seen });
      const [oldest] = last.keys();
      if (last.size > pathsAtMost && oldest !== undefined) last.delete(oldest);
      return seen;
    },
  };
}
