import type { Store } from '../store/index.ts';
import { rememberFiles } from './commit-objects.ts';
import { isSameFile, type FileIdentity } from './file-identity.ts';
import type { RememberedFile } from './stat-cache.ts';

/** Small files that were read a moment ago: known from here, and remembered many at once. */
export interface RecentFiles {
  /** The content of a file that has not changed since it was added, as sha256; null where that is not known. */
  contentOf(file: FileIdentity): Uint8Array | null;
  /** @param file that may be remembered (isSettled). */
  add(file: RememberedFile): void;
  /** Puts all of them into the stat cache. Never rejects: what is not remembered is read again. */
  flush(): Promise<void>;
}

/** A row of the stat cache is written anew for each file in it: so many files, or those of so long, share a commit. */
const filesAtOnce = 64;
const gatheredMs = 500;

/** @param now milliseconds UTC. */
export function createRecentFiles(store: Store, now: () => number): RecentFiles {
  let files = new Map<string, RememberedFile>();
  /** Those that were remembered last: what was just read is asked for again. */
  let before: ReadonlyMap<string, RememberedFile> = new Map();
  let timer: NodeJS.Timeout | undefined;

  const soon = () => setTimeout(() => void flush(), gatheredMs).unref();

  async function flush(): Promise<void> {
    clearTimeout(timer);
    before = files;
    files = new Map();
    timer = before.size > 0 ? soon() : undefined;
    await rememberFiles(store, now(), [...before.values()], []).catch(() => undefined);
  }

  return {
    contentOf(file) {
      const place = placeOf(file);
      const known = files.get(place) ?? before.get(place);
      return known !== undefined && isSameFile(known.identity, file) ? known.content : null;
    },
    add(file) {
      files.set(placeOf(file.identity), file);
      if (files.size >= filesAtOnce) void flush();
      else timer ??= soon();
    },
    flush,
  };
}

const placeOf = ({ device, inode }: FileIdentity): string => `${device} ${inode}`;
