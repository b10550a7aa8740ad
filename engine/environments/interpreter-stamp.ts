import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { prefixOfInterpreter } from './environment-prefix.ts';
import type { CommandProgram, StartedCommand } from './interpreter-of-command.ts';

/**
 * Changes when an interpreter does, or when a package of it is installed, updated or removed: a hash over the executable's and the
 * package folders' times. It starts nothing and reads no file but marks of environments, so it costs well below a millisecond; a
 * package that is edited in place goes unseen. Null for what is no known interpreter, and for a script in the place of one, which
 * has to be asked: but for pyenv's, whose choice is followed.
 */
export function interpreterStamp(program: CommandProgram, started: StartedCommand): string | null {
  const { language } = program;
  if (language === null) return null;
  const path = isScript(program.path) ? behindShim(program.path, started) : program.path;
  if (path === null) return null;
  const real = realpathSync(path);
  const prefix = prefixOfInterpreter(path);
  const roots = [
    ...(prefix === null ? [] : [prefix.path]),
    ...(prefix === null || prefix.seesBasePackages
      ? [dirname(dirname(real)), '/usr/local', join(homedir(), '.local')]
      : []),
  ];
  const folders = language === 'python' ? [...new Set(roots)].flatMap(packageFolders) : [];
  const settings = join(dirname(dirname(path)), 'pyvenv.cfg');
  const looked = [path, real, settings, ...folders].map((place) => `${place} ${timesOf(place)}`);
  return createHash('sha256')
    .update([language, ...looked].join('\n'))
    .digest('hex');
}

/** The interpreter that pyenv's shim starts: of PYENV_VERSION, else of the nearest `.python-version`, else of its own `version`. */
function behindShim(shim: string, { workingFolder, environment }: StartedCommand): string | null {
  const root = /^(.*\/\.?pyenv)\/shims\/[^/]+$/.exec(shim)?.[1];
  if (root === undefined) return null;
  const folders: string[] = [];
  for (let folder = workingFolder; ; folder = dirname(folder)) {
    folders.push(join(folder, '.python-version'));
    if (dirname(folder) === folder) break;
  }
  const chosen = [environment['PYENV_VERSION'], ...[...folders, join(root, 'version')].map(firstLine)].find(
    (version) => version !== undefined && version !== '',
  );
  if (chosen === undefined) return null;
  const path = join(root, 'versions', chosen.split(':')[0] ?? '', 'bin', basename(shim));
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : null;
}

function firstLine(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  return readFileSync(path, 'utf8').split('\n')[0]?.trim();
}

function isScript(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(2);
    return readSync(file, start, 0, 2, 0) === 2 && start.toString('latin1') === '#!';
  } finally {
    closeSync(file);
  }
}

/** `lib/python3.12/site-packages` and its like, as far as they are there. */
function packageFolders(root: string): string[] {
  return ['lib', 'lib64'].flatMap((lib) => {
    const folder = join(root, lib);
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
    return readdirSync(folder)
      .filter((name) => /^python[\d.]+$/.test(name))
      .flatMap((name) => ['site-packages', 'dist-packages'].map((packages) => join(folder, name, packages)));
  });
}

function timesOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? 'none' : `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
}
