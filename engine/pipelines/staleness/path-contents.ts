import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMissing } from '../../is-missing.ts';
import type { Objects } from '../../objects/index.ts';
import { createPathMap } from './path-map.ts';

type Hashing = Pick<Objects, 'hashFiles'>;

/** What the paths of a project hold, each read once. */
export interface PathContents {
  /** The data version that a path holds; null where nothing is. @throws {BenchtopError} `file-unreadable`, `conflict`, `cancelled`. */
  versionAt(path: string): Promise<string | null>;
  /** A path was read beside this, and holds this version. */
  know(path: string, version: string): void;
  /** From now on a path holds this version: it is there, or will be brought back before anything reads it. */
  expect(path: string, version: string): void;
  /** True for a path of which a version is expected that may not be there yet. */
  isExpected(path: string): boolean;
  /** Something may have been written there: what it holds now is what is seen of it after `since` (`performance.now()`), by whomever. */
  lookAgain(path: string, since: number): void;
  /** Something was written there: what is known of it, of what lies in it and of what it lies in is known no more. */
  forget(path: string): void;
}

/**
 * Paths are relative to the project, with `/`, or absolute.
 * @param read reads a path without links in it, through the hashing that it is given; what was seen there after `since` will do.
 * @param readBelow tells what a version has at a path in it.
 */
export function createPathContents(
  projectPath: string,
  objects: Hashing,
  read: (path: string, since: number, hashing: Hashing) => Promise<string>,
  readBelow: (version: string, path: string) => Promise<string | null>,
): PathContents {
  const known = createPathMap<Promise<string | null>>();
  const expected = createPathMap<string>();
  const hashing = sharedHashing(objects);

  return {
    versionAt(path) {
      const place = plainPath(path);
      const before = known.get(place);
      if (before !== undefined) return before;
      const above = expected.above(place);
      return keep(
        place,
        above === null
          ? look(place, performance.now())
          : readBelow(above.value, place.slice(above.path.length + 1)),
      );
    },
    lookAgain(path, since) {
      forget(path);
      const place = plainPath(path);
      void keep(place, look(place, since));
    },
    know,
    expect(path, version) {
      know(path, version);
      expected.set(plainPath(path), version);
    },
    isExpected: (path) => expected.get(plainPath(path)) !== undefined,
    forget,
  };

  function know(path: string, version: string): void {
    forget(path);
    known.set(plainPath(path), Promise.resolve(version));
  }

  function forget(path: string): void {
    for (const paths of [known, expected]) paths.forgetAround(plainPath(path));
  }

  function keep(place: string, version: Promise<string | null>): Promise<string | null> {
    known.set(place, version);
    // What could not be read is tried again by whoever asks next.
    version.catch(() => known.delete(place));
    return version;
  }

  async function look(place: string, since: number): Promise<string | null> {
    let real: string;
    try {
      real = realpathSync.native(resolve(projectPath, place));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
    return read(real, since, hashing);
  }
}

/** Hashes a file that is being hashed already no second time: a folder and a large file in it may be asked for at once. */
function sharedHashing(objects: Hashing): Hashing {
  type Results = ReturnType<Hashing['hashFiles']>;
  const underWay = new Map<string, { results: Results; at: number }>();
  return {
    async hashFiles(paths, options) {
      const shared = new Map(paths.flatMap((path) => [[path, underWay.get(path)] as const]));
      const own = paths.filter((path) => shared.get(path) === undefined);
      const results = objects.hashFiles(own, options);
      for (const [at, path] of own.entries()) underWay.set(path, { results, at });
      try {
        const mine = (await results).values();
        const all: Awaited<Results> = [];
        for (const path of paths) {
          const other = shared.get(path);
          const result = other === undefined ? mine.next().value : (await other.results)[other.at];
          if (result !== undefined) all.push(result);
        }
        return all;
      } finally {
        for (const path of own) underWay.delete(path);
      }
    },
  };
}

/** An empty part of a path, or one that is `.`; the one before the slash of an absolute path is none. */
const idlePart = /\/\.?(\/|$)|^\.(\/|$)/;

/** `./a//b/` is `a/b`; the project itself is ``. */
export function plainPath(path: string): string {
  if (!idlePart.test(path)) return path;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return path.startsWith('/') ? `/${parts.join('/')}` : parts.join('/');
}

/** True when the second of two plain paths is the first or lies below it. */
export function covers(folder: string, path: string): boolean {
  return folder === path || folder === '' || path.startsWith(`${folder}/`);
}
