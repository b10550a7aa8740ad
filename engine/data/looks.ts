import { lstatSync } from 'node:fs';
import { identityOf, isSameFile, type FileIdentity, type Objects } from '../objects/index.ts';
import { setNewest } from '../set-newest.ts';
import { realPath } from './real-path.ts';
import {
  currentContent,
  type CurrentContent,
  type SnapshotTools,
  type TakenSnapshot,
} from './take-snapshot.ts';

/** What was seen of a path. */
export interface Seen extends Pick<CurrentContent, 'newestMs'> {
  readonly version: string;
  /** Where it was seen: with the links resolved that led there. */
  readonly path: string;
}

/** Looks at what paths hold. Who asks after something is over is told by any look that began after it. */
export interface Looks {
  /**
   * What a path holds. Where its links lead is found out only when it is not the file any more that was seen there without one.
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
  /** A version was recorded of a path: while the file does not change that is what is seen there. */
  recorded(taken: Pick<TakenSnapshot, 'path' | 'version' | 'problems' | 'newestMs' | 'settled'>): void;
}

interface Look {
  /** `performance.now()`. */
  readonly beganAt: number;
  readonly seen: Promise<Seen>;
  /** What the file was by which it is known again, once it has been seen. */
  file: { readonly identity: FileIdentity; readonly seen: Seen } | null;
}

/** Paths whose last look is remembered. */
const pathsAtMost = 1000;

export function createLooks({ store, objects }: Pick<SnapshotTools, 'store' | 'objects'>): Looks {
  const last = new Map<string, Look>();

  const keep = (path: string, look: Look) => setNewest(last, pathsAtMost, path, look);

  function look(
    path: string,
    beganAt: number,
    signal: AbortSignal,
    hashing: Pick<Objects, 'hashFiles'> | undefined,
  ): Promise<Seen> {
    const by = hashing === undefined ? objects : { ...objects, ...hashing };
    const seen = currentContent({ store, objects: by }, path, signal).then((content) => {
      const { version, newestMs, settled } = content;
      const seen = { path, version: version.version, newestMs };
      if (settled !== null) own.file = { identity: settled, seen };
      return seen;
    });
    const own: Look = { beganAt, seen, file: null };
    keep(path, own);
    return seen;
  }

  return {
    async since(asked, since, signal, hashing) {
      for (let path = asked; ;) {
        const before = last.get(path);
        if (before !== undefined && before.beganAt >= since) {
          const seen = await before.seen.catch(() => null);
          if (seen !== null) return seen;
        }
        const beganAt = performance.now();
        const file = before?.file ?? null;
        if (file !== null && isStill(file.identity, path)) {
          keep(path, { beganAt, seen: Promise.resolve(file.seen), file });
          return file.seen;
        }
        const real = realPath(path);
        if (real === path) return look(path, beganAt, signal, hashing);
        path = real;
      }
    },
    recorded({ path, version: { version }, problems, newestMs, settled }) {
      if (settled === null || problems.length > 0) return;
      const seen = { path, version, newestMs };
      // It may be older than a look at something else that has been there since, and answers nobody by its time.
      keep(path, { beganAt: -Infinity, seen: Promise.resolve(seen), file: { identity: settled, seen } });
    },
  };
}

function isStill(identity: FileIdentity, path: string): boolean {
  try {
    return isSameFile(identity, identityOf(lstatSync(path)));
  } catch {
    return false; // gone, or not to be asked: whoever looks at it will tell
  }
}
