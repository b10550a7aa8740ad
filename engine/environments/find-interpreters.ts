import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { InterpreterKind, Language } from '../../contract/index.ts';
import { environmentPrefix } from './environment-prefix.ts';

/** A place where an interpreter lies or should lie; not looked at yet. */
export interface FoundInterpreter {
  readonly path: string;
  readonly language: Language;
  readonly kind: InterpreterKind;
  readonly isOfProject: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const condaRoots = [
  'miniconda3',
  'anaconda3',
  'miniforge3',
  'mambaforge',
  'micromamba',
  '.local/share/mamba',
  '.micromamba',
];
/** Versioned names beside plain `python`: an installation of 3.12 next to the default is worth offering. */
const pythonName = /^python(3(\.\d+)?)?$/;

/**
 * Where interpreters lie: the project's own environments, those of conda, uv, poetry, pipenv and pyenv, and PATH.
 * Reads folders only. One interpreter under several names comes once, the project's own first.
 */
export async function findInterpreters(
  projectPath: string,
  env: Environment,
  home: string,
): Promise<FoundInterpreter[]> {
  const own = await Promise.all([
    ofProject(projectPath),
    ofPoetry(projectPath, env, home),
    ofPipenv(projectPath, env, home),
  ]);
  const others = await Promise.all([
    ofConda(env, home),
    ofPyenv(env, home),
    ofUv(env, home),
    onPath(env, home),
  ]);
  const found = [...own.flat(), ...active(env, projectPath), ...others.flat()];
  const once = new Map<string, FoundInterpreter>();
  for (const one of found) {
    const key = identityOf(one);
    if (!once.has(key)) once.set(key, one);
  }
  return [...once.values()];
}

/** Environments are told apart by their folder, since all may link to one executable; others by the executable. */
function identityOf({ path, language }: FoundInterpreter): string {
  const prefix = dirname(dirname(path));
  if (language === 'python' && environmentPrefix(prefix) !== null) return realPathOf(prefix);
  return realPathOf(path);
}

async function ofProject(projectPath: string): Promise<FoundInterpreter[]> {
  const folders = await foldersIn(projectPath);
  const inside = folders.flatMap((folder) => pythonIn(folder, true));
  // An environment is often one level above the folder that is open.
  const above = ['.venv', 'venv'].flatMap((name) => pythonIn(join(dirname(projectPath), name), true));
  return [...inside.toSorted((a, b) => a.path.localeCompare(b.path)), ...above];
}

/** Poetry names an environment `<project>-<hash>-py3.x`, where the hash is of the project's path (its env_manager.py). */
async function ofPoetry(projectPath: string, env: Environment, home: string): Promise<FoundInterpreter[]> {
  const folder =
    env['POETRY_VIRTUALENVS_PATH'] ??
    join(env['POETRY_CACHE_DIR'] ?? join(home, '.cache', 'pypoetry'), 'virtualenvs');
  const hash = createHash('sha256').update(realPathOf(projectPath)).digest('base64url').slice(0, 8);
  const own = (await foldersIn(folder)).filter((path) => basename(path).includes(`-${hash}-py`));
  return own.flatMap((path) => pythonIn(path, true, 'poetry'));
}

/** Pipenv leaves the project's path in the environment's `.project`. */
async function ofPipenv(projectPath: string, env: Environment, home: string): Promise<FoundInterpreter[]> {
  const folders = await foldersIn(env['WORKON_HOME'] ?? join(home, '.local', 'share', 'virtualenvs'));
  const own: string[] = [];
  for (const folder of folders) {
    const told = await readFile(join(folder, '.project'), 'utf8').catch(() => ''); // made by something else
    if (told.trim() !== '' && realPathOf(told.trim()) === realPathOf(projectPath)) own.push(folder);
  }
  return own.flatMap((path) => pythonIn(path, true, 'pipenv'));
}

function active(env: Environment, projectPath: string): FoundInterpreter[] {
  return [env['VIRTUAL_ENV'], env['CONDA_PREFIX']].flatMap((prefix) =>
    prefix === undefined || !isAbsolute(prefix) ? [] : pythonIn(prefix, prefix.startsWith(`${projectPath}/`)),
  );
}

async function ofConda(env: Environment, home: string): Promise<FoundInterpreter[]> {
  const listed = await readFile(join(home, '.conda', 'environments.txt'), 'utf8').catch(() => ''); // no conda here
  const conda = env['CONDA_EXE'];
  const roots = [
    ...(conda === undefined ? [] : [dirname(dirname(conda))]),
    ...(env['MAMBA_ROOT_PREFIX'] === undefined ? [] : [env['MAMBA_ROOT_PREFIX']]),
    ...condaRoots.map((name) => join(home, name)),
    '/opt/conda',
    '/opt/miniconda3',
    '/opt/anaconda3',
    '/opt/miniforge3',
  ];
  const inside = await Promise.all(roots.map((root) => foldersIn(join(root, 'envs'))));
  return [...roots, ...inside.flat(), ...listed.split('\n').map((line) => line.trim())]
    .filter(isAbsolute)
    .flatMap((prefix) => pythonIn(prefix, false));
}

async function ofPyenv(env: Environment, home: string): Promise<FoundInterpreter[]> {
  const versions = await foldersIn(join(pyenvRoot(env, home), 'versions'));
  return versions
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((folder) => ({
      path: join(folder, 'bin', 'python'),
      language: 'python',
      kind: 'pyenv',
      isOfProject: false,
    }));
}

async function ofUv(env: Environment, home: string): Promise<FoundInterpreter[]> {
  const data = env['XDG_DATA_HOME'] ?? join(home, '.local', 'share');
  const folders = await foldersIn(env['UV_PYTHON_INSTALL_DIR'] ?? join(data, 'uv', 'python'));
  return folders
    .filter((folder) => !basename(folder).startsWith('.'))
    .map((folder) => ({
      path: join(folder, 'bin', 'python3'),
      language: 'python',
      kind: 'uv',
      isOfProject: false,
    }));
}

async function onPath(env: Environment, home: string): Promise<FoundInterpreter[]> {
  const shims = join(pyenvRoot(env, home), 'shims');
  const folders = [...new Set((env['PATH'] ?? '').split(':'))].filter(
    // A shim only forwards to one of pyenv's versions, which are listed themselves.
    (folder) => isAbsolute(folder) && folder !== shims,
  );
  const found: FoundInterpreter[] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []); // PATH may name folders that are gone
    const prefix = environmentPrefix(dirname(folder));
    for (const name of names.toSorted((a, b) => a.localeCompare(b))) {
      const language = pythonName.test(name)
        ? 'python'
        : name === 'Rscript'
          ? 'r'
          : name === 'julia'
            ? 'julia'
            : null;
      if (language !== null)
        found.push({
          path: join(folder, name),
          language,
          kind: prefix?.kind ?? 'system',
          isOfProject: false,
        });
    }
  }
  return found;
}

const pyenvRoot = (env: Environment, home: string) => env['PYENV_ROOT'] ?? join(home, '.pyenv');

/** The Python of an environment's folder; none for an ordinary folder. */
function pythonIn(folder: string, isOfProject: boolean, kind?: InterpreterKind): FoundInterpreter[] {
  const prefix = environmentPrefix(folder);
  if (prefix === null) return [];
  return [
    { path: join(folder, 'bin', 'python'), language: 'python', kind: kind ?? prefix.kind, isOfProject },
  ];
}

/** The folders in a folder, links to folders included; none when it cannot be read. */
async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => join(path, entry.name));
}

/** The path with its links followed, as far as they lead somewhere. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // broken: then it is told apart by its own name
  }
}
