import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Language } from '../../contract/index.ts';
import { environmentPrefix } from './environment-prefix.ts';

/** A command as it is started: argv, the folder, and the child's whole environment. */
export interface StartedCommand {
  readonly command: readonly string[];
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The program that runs the user's code. */
export interface CommandProgram {
  readonly path: string;
  /** Null for a program that is none of the known interpreters. */
  readonly language: Language | null;
}

/** Programs that only start what follows them. */
const starters = new Set([
  'env',
  'nohup',
  'nice',
  'ionice',
  'time',
  'timeout',
  'stdbuf',
  'taskset',
  'numactl',
  'xvfb-run',
  'conda',
  'mamba',
  'micromamba',
  'srun',
]);
/** Launchers that run Python out of the project's environment. */
const projectLaunchers = new Set(['uv', 'poetry', 'pipenv', 'pdm', 'hatch', 'rye']);
const shells = /^(ba|da|z|k)?sh$/;

/**
 * The interpreter behind a command: found on the child's PATH, behind `uv run` and the like, in the text of `sh -c`, or in
 * the first line of a script that is started directly. Looks at names and first lines only; starts nothing. Null when the
 * program cannot be found.
 */
export function interpreterOfCommand({
  command,
  workingFolder,
  environment,
}: StartedCommand): CommandProgram | null {
  const [program = '', ...rest] = command;
  const name = basename(program);
  if (shells.test(name) && rest[0] === '-c' && rest[1] !== undefined) {
    const words = rest[1].split(/[\s;|&()]+/).filter((word) => word !== '' && !/^\w+=/.test(word));
    const at = words.findIndex(
      (word) => languageOf(basename(word)) !== null || projectLaunchers.has(basename(word)),
    );
    if (at >= 0) return interpreterOfCommand({ command: words.slice(at), workingFolder, environment });
  }
  if (projectLaunchers.has(name)) {
    const own = projectEnvironment(workingFolder, environment);
    if (own !== null) return own;
  }
  if (starters.has(name) || projectLaunchers.has(name)) {
    const at = rest.findIndex((word) => languageOf(basename(word)) !== null);
    if (at >= 0) return interpreterOfCommand({ command: rest.slice(at), workingFolder, environment });
  }
  const path = onSearchPath(program, workingFolder, environment['PATH'] ?? '');
  if (path === null) return null;
  const language = languageOf(name);
  return language === null
    ? (interpreterOfScript(path, workingFolder, environment) ?? { path, language })
    : { path, language };
}

function languageOf(name: string): Language | null {
  if (/^(python|pypy)[\d.]*$/.test(name)) return 'python';
  if (name === 'Rscript') return 'r';
  return name === 'julia' ? 'julia' : null;
}

/** The nearest `.venv` at or above the folder, which is where uv, poetry and pipenv look; UV_PROJECT_ENVIRONMENT first. */
function projectEnvironment(
  workingFolder: string,
  environment: StartedCommand['environment'],
): CommandProgram | null {
  const named = environment['UV_PROJECT_ENVIRONMENT'];
  const places = named === undefined ? [] : [resolve(workingFolder, named)];
  for (let folder = workingFolder; ; folder = dirname(folder)) {
    places.push(join(folder, '.venv'));
    if (dirname(folder) === folder) break;
  }
  const place = places.find((path) => environmentPrefix(path) !== null);
  return place === undefined ? null : { path: join(place, 'bin', 'python'), language: 'python' };
}

/** As execvp finds it; null when it does not. */
function onSearchPath(program: string, workingFolder: string, searchPath: string): string | null {
  if (program.includes('/')) {
    const path = isAbsolute(program) ? program : resolve(workingFolder, program);
    return mayRun(path) ? path : null;
  }
  return (
    searchPath
      .split(':')
      .filter((folder) => folder !== '')
      .map((folder) => resolve(workingFolder, folder, program))
      .find(mayRun) ?? null
  );
}

function mayRun(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The interpreter that the first line of a script names, as pip writes it into `torchrun` and its like. */
function interpreterOfScript(
  path: string,
  workingFolder: string,
  environment: StartedCommand['environment'],
): CommandProgram | null {
  const named = /^#!\s*(\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?/.exec(firstBytes(path, 256));
  if (named?.[1] === undefined) return null;
  const program = basename(named[1]) === 'env' ? named[2] : named[1];
  if (program === undefined) return null;
  const language = languageOf(basename(program));
  const found = language === null ? null : onSearchPath(program, workingFolder, environment['PATH'] ?? '');
  return found === null ? null : { path: found, language };
}

function firstBytes(path: string, count: number): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(count);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, count, 0));
  } catch (error) {
    // A program that may be executed but not read is no script.
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return '';
    throw error;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
