import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { InstalledPackage } from '../../contract/index.ts';
import { prefixOfInterpreter } from './environment-prefix.ts';
import { packageFiles } from './package-files.ts';
import type { ProbedInterpreter } from './probe-interpreter.ts';

/** Where packages lie that a Python sees, by name, the first on the path for each; and the folders of libraries beside them. */
export async function packagePlaces(
  { path, version, basePrefix }: ProbedInterpreter,
  home = homedir(),
): Promise<{ packages: Map<string, { version: string; metadata: string }>; libraries: string[] }> {
  const packages = new Map<string, { version: string; metadata: string }>();
  const libraries: string[] = [];
  const release = /^\d+\.\d+/.exec(version ?? '')?.[0];
  if (release === undefined) return { packages, libraries };
  const prefix = prefixOfInterpreter(path);
  const own = prefix === null ? [] : packageFolders(prefix.path, release);
  const seesBase = prefix === null || prefix.seesBasePackages;
  const base =
    seesBase && basePrefix !== null
      ? [
          join(home, '.local', 'lib', `python${release}`, 'site-packages'),
          ...packageFolders(basePrefix, release),
          // Debian's own places.
          ...(basePrefix === '/usr' ? packageFolders('/usr/local', release) : []),
          join(basePrefix, 'lib', 'python3', 'dist-packages'),
        ]
      : [];
  for (const folder of [...own, ...base]) {
    const names = await readdir(folder).catch(() => []); // most of the places are not there
    for (const entry of names) {
      const found = packageOf(entry);
      // The first on the path is the one that is imported.
      if (found !== null && !packages.has(found.name))
        packages.set(found.name, { version: found.version, metadata: join(folder, entry) });
      if (/^(numpy|scipy|torch|scikit_learn)\.libs$/.test(entry)) libraries.push(join(folder, entry));
    }
  }
  return { packages, libraries };
}

/**
 * The packages that a Python sees, by name, and the libraries for linear algebra they bring. Names and versions are read from the names of the `*.dist-info` and `*.egg-info` entries beside them
 * (the spec of recorded installs, PEP 376 and 427), so nothing is imported and 500 packages cost a folder listing.
 * Names are normalised as PEP 503 has it.
 */
export async function installedPackages(
  interpreter: ProbedInterpreter,
  home = homedir(),
): Promise<{ packages: InstalledPackage[]; blas: string[] }> {
  const { packages, libraries } = await packagePlaces(interpreter, home);
  return {
    packages: await Promise.all(
      [...packages]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(async ([name, { version, metadata }]) => ({ name, version, ...(await packageFiles(metadata)) })),
    ),
    blas: (await Promise.all(libraries.map(blasIn))).flat(),
  };
}

/** The files in a package's folder of libraries that do linear algebra or share it out among threads. */
async function blasIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []); // no folder
  return names
    .filter((name) => /blas|lapack|mkl|blis|gomp|iomp|omp5/i.test(name))
    .map((name) => `${basename(folder)}/${name}`)
    .toSorted();
}

function packageFolders(prefix: string, release: string): string[] {
  return ['lib', 'lib64'].flatMap((lib) =>
    ['site-packages', 'dist-packages'].map((name) => join(prefix, lib, `python${release}`, name)),
  );
}

/** `scikit_learn-1.5.0.dist-info`, `PyYAML-6.0.egg-info`, `PyYAML-6.0-py3.11.egg-info`. */
function packageOf(entry: string): { name: string; version: string } | null {
  const told = /^(.+?)-(\d[^-]*)(?:-py[\d.]+)?\.(?:dist|egg)-info$/.exec(entry);
  if (told?.[1] === undefined || told[2] === undefined) return null;
  return { name: told[1].toLowerCase().replaceAll(/[-_.]+/g, '-'), version: told[2] };
}
