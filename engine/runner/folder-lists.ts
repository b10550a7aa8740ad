import { readdirSync, statSync } from 'node:fs';

/** The names in folders. One with many is listed anew only when something came to it or went. */
export interface FolderLists {
  /** Empty where it is gone, or not to be read. */
  namesIn(path: string): readonly string[];
}

/** A folder with fewer is listed as quickly as it is asked whether it changed. */
const manyNames = 64;
/** Of all folders together. */
const namesAtMost = 200_000;
/** What changed so short a time before it was listed may have changed again within the same tick of the files' clock. */
const tickMs = 50;

/** @param now milliseconds UTC. */
export function createFolderLists(now: () => number = Date.now): FolderLists {
  const kept = new Map<string, { readonly state: string; readonly names: readonly string[] }>();
  let nameCount = 0;

  function drop(path: string): void {
    nameCount -= kept.get(path)?.names.length ?? 0;
    kept.delete(path);
  }

  return {
    namesIn(path) {
      try {
        const { dev, ino, mtimeMs, ctimeMs } = statSync(path);
        const state = `${dev} ${ino} ${mtimeMs} ${ctimeMs}`;
        const known = kept.get(path);
        if (known?.state === state) return known.names;
        drop(path);
        const isSettled = Math.max(mtimeMs, ctimeMs) < now() - tickMs;
        const names = readdirSync(path);
        if (!isSettled || names.length < manyNames || names.length > namesAtMost) return names;
        kept.set(path, { state, names });
        nameCount += names.length;
        for (const oldest of kept.keys()) {
          if (nameCount <= namesAtMost) break;
          drop(oldest);
        }
        return names;
      } catch {
        return []; // Then it is not ours to record either.
      }
    },
  };
}
