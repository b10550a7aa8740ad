import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Language } from '../../contract/index.ts';
import { identityOf, isSameFile, isSettled, type FileIdentity } from '../objects/index.ts';
import { setNewest } from '../set-newest.ts';
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
  /** True when it only starts an interpreter, and which one could not be told from here. */
  readonly isLauncher: boolean;
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
  'srun',
]);
const condaLaunchers = new Set(['conda', 'mamba', 'micromamba']);
/** Launchers that run Python out of the project's environment. */
const projectLaunchers = new Set(['uv', 'poetry', 'pipenv', 'pdm', 'hatch', 'rye']);
const shells = /^(ba|da|z|k)?sh$/;
/** Stands in every text that starts an interpreter: the others need not be taken apart. */
const anyStart = new RegExp(
  ['python', 'pypy', 'Rscript', 'julia', 'activate', ...projectLaunchers, ...condaLaunchers].join('|'),
);

/** What was found, so that of many commands that are looked at together each program is searched for and looked into once. */
export interface ProgramLook {
  readonly paths: Map<string, string>;
  readonly heads: Map<string, string>;
}

export const newProgramLook = (): ProgramLook => ({ paths: new Map(), heads: new Map() });

/**
 * The interpreter behind a command: found on the child's PATH, behind `uv run` or `conda run`, in the text of `sh -c`, or
 * in the first line of a script that is started directly. Looks at names and first lines only; starts nothing. Null when
 * the program cannot be found.
 * @param look of commands that are looked at together.
 */
export function interpreterOfCommand(
  started: StartedCommand,
  look: ProgramLook = newProgramLook(),
): CommandProgram | null {
  const { command, workingFolder, environment } = started;
  const [program = '', ...rest] = command;
  const name = basename(program);
  const path = onSearchPath(program, workingFolder, environment['PATH'] ?? '', look);
  const launcher = path === null ? null : { path, language: null, isLauncher: true };
  if (shells.test(name) && rest[0] === '-c' && rest[1] !== undefined) {
    const inner = commandOfShellText(rest[1], started);
    if (inner === 'unknown') return launcher;
    if (inner !== null) return interpreterOfCommand(inner, look);
  }
  if (projectLaunchers.has(name)) return projectEnvironment(workingFolder, environment) ?? launcher;
  if (condaLaunchers.has(name)) return condaEnvironment(rest, path, environment) ?? launcher;
  if (starters.has(name)) {
    const at = rest.findIndex((word) => isStart(basename(word)));
    if (at >= 0) return interpreterOfCommand({ ...started, command: rest.slice(at) }, look);
  }
  if (path === null) return null;
  const language = languageOf(name);
  if (language !== null) return { path, language, isLauncher: false };
  return interpreterOfScript(path, workingFolder, environment, look) ?? { path, language, isLauncher: false };
}

const isStart = (name: string) =>
  languageOf(name) !== null || projectLaunchers.has(name) || condaLaunchers.has(name);

/**
 * What a shell's text starts, as far as words tell: its first known interpreter, out of the environment that it activates.
 * Null when it names none; `unknown` when it activates one that has no path here, such as `conda activate torch`.
 */
function commandOfShellText(text: string, started: StartedCommand): StartedCommand | null | 'unknown' {
  if (!anyStart.test(text)) return null;
  const words = text.split(/[\s;|&()]+/).filter((word) => word !== '' && !/^\w+=/.test(word));
  const activated = words.find((word) => /(^|\/)activate$/.test(word));
  if (activated === 'activate') return 'unknown';
  const rest = activated === undefined ? words : words.slice(words.indexOf(activated) + 1);
  const at = rest.findIndex((word) => isStart(basename(word)));
  if (at < 0) return null;
  const { environment, workingFolder } = started;
  const PATH =
    activated === undefined
      ? environment['PATH']
      : `${dirname(resolve(workingFolder, activated))}:${environment['PATH'] ?? ''}`;
  return { command: rest.slice(at), workingFolder, environment: { ...environment, PATH } };
}

/** The Python of `conda run -n NAME` or `-p PREFIX`; null when the environment is not where conda keeps its own. */
function condaEnvironment(
  words: readonly string[],
  condaPath: string | null,
  environment: StartedCommand['environment'],
): CommandProgram | null {
  const after = (...options: string[]) => words[words.findIndex((word) => options.includes(word)) + 1];
  const has = (...options: string[]) => words.some((word) => options.includes(word));
  const root = environment['MAMBA_ROOT_PREFIX'] ?? (condaPath === null ? '' : dirname(dirname(condaPath)));
  const prefix = has('-p', '--prefix')
    ? after('-p', '--prefix')
    : has('-n', '--name')
      ? join(root, 'envs', after('-n', '--name') ?? '')
      : undefined;
  if (prefix === undefined || environmentPrefix(prefix) === null) return null;
  return { path: join(prefix, 'bin', 'python'), language: 'python', isLauncher: false };
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
  return place === undefined
    ? null
    : { path: join(place, 'bin', 'python'), language: 'python', isLauncher: false };
}

/** As execvp finds it; null when it does not. */
function onSearchPath(
  program: string,
  workingFolder: string,
  searchPath: string,
  { paths }: ProgramLook,
): string | null {
  const key = `${program}\n${workingFolder}\n${searchPath}`;
  const path = paths.get(key) ?? searched(program, workingFolder, searchPath);
  // What is not there may come.
  if (path !== null) paths.set(key, path);
  return path;
}

function searched(program: string, workingFolder: string, searchPath: string): string | null {
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
  look: ProgramLook,
): CommandProgram | null {
  const head = look.heads.get(path) ?? headOf(path);
  look.heads.set(path, head);
  const named = /^#!\s*(\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?/.exec(head);
  if (named?.[1] === undefined) return null;
  const program = basename(named[1]) === 'env' ? named[2] : named[1];
  if (program === undefined) return null;
  const language = languageOf(basename(program));
  const found =
    language === null ? null : onSearchPath(program, workingFolder, environment['PATH'] ?? '', look);
  return found === null ? null : { path: found, language, isLauncher: false };
}

/** Programs whose first bytes are remembered: nearly all runs begin with one of a few. */
const headsAtMost = 100;
const knownHeads = new Map<string, { readonly identity: FileIdentity; readonly head: string }>();

function headOf(path: string): string {
  const lookedAt = Date.now();
  const identity = identityOf(statSync(path));
  const known = knownHeads.get(path);
  if (known !== undefined && isSameFile(known.identity, identity)) return known.head;
  const head = firstBytes(path, 256);
  if (isSettled(identity, lookedAt)) setNewest(knownHeads, headsAtMost, path, { identity, head });
  else knownHeads.delete(path);
  return head;
}

function firstBytes(path: string, count: number): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.allocUnsafe(count);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, count, 0));
  } catch (error) {
    // A program that may be executed but not read is no script.
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return '';
    throw error;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
