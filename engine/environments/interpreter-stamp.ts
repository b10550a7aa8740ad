import { createHash } from 'node:crypto';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { prefixOfInterpreter } from './environment-prefix.ts';
import { interpreterOfCommand, type StartedCommand } from './interpreter-of-command.ts';

/**
 * Changes when the interpreter of a command does, or when a package is installed, updated or removed: a hash over the executable's
 * and the package folders' times. It starts nothing and reads no file but the folder above them, so it costs well below a
 * millisecond; a package that is edited in place goes unseen. Null for a program that is no known interpreter.
 */
export function interpreterStamp(started: StartedCommand): string | null {
  const program = interpreterOfCommand(started);
  if (program === null || program.language === null) return null;
  const { path, language } = program;
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
