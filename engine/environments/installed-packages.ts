import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { InstalledPackage } from '../../contract/index.ts';
import { prefixOfInterpreter } from './environment-prefix.ts';
import type { ProbedInterpreter } from './probe-interpreter.ts';

/**
 * The packages that a Python sees, by name. Read from the names of the `*.dist-info` and `*.egg-info` entries beside them
 * (the spec of recorded installs, PEP 376 and 427), so nothing is imported and 500 packages cost a folder listing.
 * Names are normalised as PEP 503 has it.
 */
export async function installedPackages(
  { path, version, basePrefix }: ProbedInterpreter,
  home = homedir(),
): Promise<InstalledPackage[]> {
  const release = /^\d+\.\d+/.exec(version ?? '')?.[0];
  if (release === undefined) return [];
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
  const packages = new Map<string, string>();
  for (const folder of [...own, ...base]) {
    const names = await readdir(folder).catch(() => []); // most of the places are not there
    for (const { name, version: found } of names.flatMap(packageOf)) {
      // The first on the path is the one that is imported.
      if (!packages.has(name)) packages.set(name, found);
    }
  }
  return [...packages]
    .map(([name, found]) => ({ name, version: found }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function packageFolders(prefix: string, release: string): string[] {
  return ['lib', 'lib64'].flatMap((lib) =>
    ['site-packages', 'dist-packages'].map((name) => join(prefix, lib, `python${release}`, name)),
  );
}

/** `scikit_learn-1.5.0.dist-info`, `PyYAML-6.0.egg-info`, `PyYAML-6.0-py3.11.egg-info`. */
function packageOf(entry: string): InstalledPackage[] {
  const told = /^(.+?)-(\d[^-]*)(?:-py[\d.]+)?\.(?:dist|egg)-info$/.exec(entry);
  if (told?.[1] === undefined || told[2] === undefined) return [];
  return [{ name: told[1].toLowerCase().replaceAll(/[-_.]+/g, '-'), version: told[2] }];
}
