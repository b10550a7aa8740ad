import { resolve } from 'node:path';
import { BenchtopError } from '../../../contract/index.ts';
import type { Objects } from '../../objects/index.ts';
import { createPathMap } from './path-map.ts';

type Hashing = Pick<Objects, 'hashFiles'>;

/** What the paths of a project hold, each read once. */
export interface PathContents {
  /** The data version that a path holds; null where nothing is. @throws {BenchtopError} `file-unreadable`, `conflict`, `cancelled`. */
  versionAt(path: string): Promise<string | null>;
  /** False where a path's version was seen and no link led to it. */
  mayHaveLinks(path: string): boolean;
  /** A path was read beside this, and holds this version. @param real with its links resolved. */
  know(path: string, version: string, real: string): void;
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
 * @param read reads a path through the hashing that it is given; what was seen there after `since` will do. Tells where it has read, too.
 * @param readBelow tells what a version has at a path in it.
 */
export function createPathContents(
  projectPath: string,
  objects: Hashing,
  read: (path: string, since: number, hashing: Hashing) => Promise<{ version: string; path: string }>,
  readBelow: (version: string, path: string) => Promise<string | null>,
): PathContents {
  const known = createPathMap<Known>();
  const expected = createPathMap<string>();
  const hashing = sharedHashing(objects);

  return {
    versionAt(path) {
      const place = plainPath(path);
      const before = known.get(place);
      if (before !== undefined) return before.version;
      const above = expected.above(place);
      if (above === null) return look(place, performance.now());
      const version = readBelow(above.value, place.slice(above.path.length + 1));
      return keep(place, { version, hasLinks: true });
    },
    mayHaveLinks: (path) => known.get(plainPath(path))?.hasLinks ?? true,
    lookAgain(path, since) {
      forget(path);
      void look(plainPath(path), since);
    },
    know: (path, version, real) => take(path, version, real !== resolve(projectPath, path)),
    expect(path, version) {
      take(path, version, true);
      expected.set(plainPath(path), version);
    },
    isExpected: (path) => expected.get(plainPath(path)) !== undefined,
    forget,
  };

  function take(path: string, version: string, hasLinks: boolean): void {
    forget(path);
    known.set(plainPath(path), { version: Promise.resolve(version), hasLinks });
  }

  function forget(path: string): void {
    for (const paths of [known, expected]) paths.forgetAround(plainPath(path));
  }

  function keep(place: string, content: Known): Promise<string | null> {
    known.set(place, content);
    // What could not be read is tried again by whoever asks next.
    content.version.catch(() => known.delete(place));
    return content.version;
  }

  function look(place: string, since: number): Promise<string | null> {
    const path = resolve(projectPath, place);
    const version = read(path, since, hashing).then(
      (seen) => {
        content.hasLinks = seen.path !== path;
        return seen.version;
      },
      (error: unknown) => {
        if (error instanceof BenchtopError && error.code === 'not-found') return null;
        throw error;
      },
    );
    const content: Known = { version, hasLinks: true };
    return keep(place, content);
  }
}

interface Known {
  readonly version: Promise<string | null>;
  /** False once it was seen where no link leads. */
  hasLinks: boolean;
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
