import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listInterpreters } from './list-interpreters.ts';
import { createInterpreterProbe } from './probe-interpreter.ts';

let root: string;
let project: string;
let home: string;
let bin: string;
/** The interpreter itself: a shim of pyenv would need its own home. */
const realPython = execFileSync('python3', ['-c', 'import sys;print(sys.executable)'], {
  encoding: 'utf8',
}).trim();

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-environments-')));
  [project = '', home = '', bin = ''] = ['project', 'home', 'bin'].map((name) => join(root, name));
  for (const folder of [project, home, bin]) mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function executable(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}
const makeVenv = (path: string) => execFileSync(realPython, ['-m', 'venv', '--without-pip', path]);
const list = (probe = createInterpreterProbe(), chosenPath: string | null = null) =>
  listInterpreters({
    projectPath: project,
    chosenPath,
    env: { PATH: `${bin}:/usr/bin:/bin`, HOME: home },
    home,
    probe,
  });

test('a real environment comes first, with its version, and its start-up code is not run', async () => {
  makeVenv(join(project, '.venv'));
  const version = execFileSync(realPython, ['-c', 'import platform;print(platform.python_version())'], {
    encoding: 'utf8',
  }).trim();
  const [, minor] = version.split('.');
  const startUp = join(project, '.venv', 'lib', `python3.${minor}`, 'site-packages', 'spy.pth');
  writeFileSync(startUp, `import pathlib;pathlib.Path(${JSON.stringify(join(root, 'was-run'))}).touch()\n`);
  const found = await list();
  expect(found[0]).toEqual({
    path: join(project, '.venv', 'bin', 'python'),
    language: 'python',
    kind: 'venv',
    version,
    problem: null,
    isOfProject: true,
    isChosen: false,
  });
  // The very same environment does run it when it is used: the spy works.
  expect(() => realpathSync(join(root, 'was-run'))).toThrow('ENOENT');
  execFileSync(join(project, '.venv', 'bin', 'python'), ['-c', '0']);
  expect(realpathSync(join(root, 'was-run'))).toBe(join(root, 'was-run'));
});

test('each unusable interpreter says why', async () => {
  for (const name of ['broken', 'empty', 'failing', 'hanging', 'lying', 'locked']) {
    mkdirSync(join(project, name, 'bin'), { recursive: true });
    writeFileSync(join(project, name, 'pyvenv.cfg'), 'home = /usr/bin\n');
  }
  const python = (name: string) => join(project, name, 'bin', 'python');
  symlinkSync('/nowhere/python3.9', python('broken'));
  executable(python('failing'), '#!/bin/sh\necho "no module named encodings" >&2\nexit 3\n');
  // The sleep holds the pipe open after the shell is killed.
  executable(python('hanging'), '#!/bin/sh\nsleep 60\necho late\n');
  executable(python('lying'), '#!/bin/sh\necho hello\n');
  writeFileSync(python('locked'), '');
  const problems = Object.fromEntries(
    (await list()).filter(({ isOfProject }) => isOfProject).map(({ path, problem }) => [path, problem]),
  );
  expect(problems).toEqual({
    [python('broken')]: 'is a broken link to /nowhere/python3.9',
    [python('empty')]: 'is missing',
    [python('failing')]: 'exits with 3: no module named encodings',
    [python('hanging')]: 'did not answer within 1.2 s',
    [python('lying')]: 'does not answer as Python does: hello',
    [python('locked')]: 'may not be executed',
  });
});

test('environments of conda, uv, pyenv, poetry and pipenv are found, those of other projects are not', async () => {
  const answering = (version: string, path: string) =>
    executable(path, `#!/bin/sh\necho '["${version}", "${path}", "/usr"]'\n`);
  const marked = (folder: string, settings = 'home = /usr/bin\n') => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'pyvenv.cfg'), settings);
    return answering('3.12.0', join(folder, 'bin', 'python'));
  };
  mkdirSync(join(home, 'miniforge3', 'envs', 'torch', 'conda-meta'), { recursive: true });
  const conda = answering('3.11.4', join(home, 'miniforge3', 'envs', 'torch', 'bin', 'python'));
  const uv = answering('3.13.1', join(home, '.local/share/uv/python/cpython-3.13/bin/python3'));
  const pyenv = answering('3.10.2', join(home, '.pyenv/versions/3.10.2/bin/python'));
  answering('3.10.2', join(home, '.pyenv/shims/python'));
  const hash = createHash('sha256').update(project).digest('base64url').slice(0, 8);
  const poetry = marked(join(home, `.cache/pypoetry/virtualenvs/flights-${hash}-py3.12`));
  marked(join(home, '.cache/pypoetry/virtualenvs/other-AAAAAAAA-py3.12'));
  const pipenv = marked(join(home, '.local/share/virtualenvs/flights-x'));
  writeFileSync(join(home, '.local/share/virtualenvs/flights-x/.project'), `${project}\n`);
  marked(join(home, '.local/share/virtualenvs/other-y'));
  const uvOfProject = marked(join(project, '.venv'), 'home = /usr/bin\nuv = 0.8.1\n');
  const rscript = executable(
    join(bin, 'Rscript'),
    '#!/bin/sh\necho "R scripting front-end version 4.3.1 (2023)" >&2\n',
  );
  const julia = executable(join(bin, 'julia'), '#!/bin/sh\necho "julia version 1.11.2"\n');
  const found = (await list()).filter(({ path }) => path.startsWith(root));
  const known = new Map(found.map(({ path, kind, version }) => [path, [kind, version]]));
  expect(known).toEqual(
    new Map([
      [conda, ['conda', '3.11.4']],
      [uv, ['uv', '3.13.1']],
      [pyenv, ['pyenv', '3.10.2']],
      [poetry, ['poetry', '3.12.0']],
      [pipenv, ['pipenv', '3.12.0']],
      [uvOfProject, ['uv', '3.12.0']],
      [rscript, ['system', '4.3.1']],
      [julia, ['system', '1.11.2']],
    ]),
  );
  const ofProject = found.filter(({ isOfProject }) => isOfProject).map(({ path }) => path);
  expect(new Set(ofProject)).toEqual(new Set([poetry, pipenv, uvOfProject]));
});

test('an answer is kept until the executable changes, and a choice outside the known places is listed', async () => {
  const counter = join(root, 'asked');
  const answer = (version: string) => `#!/bin/sh\necho x >> ${counter}\necho '["${version}", "", "/usr"]'\n`;
  const python = executable(join(root, 'elsewhere', 'python'), answer('3.9.1'));
  const probe = createInterpreterProbe();
  const chosen = async () => (await list(probe, python)).find(({ isChosen }) => isChosen);
  expect(await chosen()).toMatchObject({ path: python, version: '3.9.1', problem: null });
  expect((await chosen())?.version).toBe('3.9.1');
  expect(execFileSync('wc', ['-l', counter], { encoding: 'utf8' }).trim()).toMatch(/^1 /);
  executable(python, answer('3.9.2'));
  utimesSync(python, new Date(2030, 1, 1), new Date(2030, 1, 1));
  expect((await chosen())?.version).toBe('3.9.2');
});

test('one interpreter under several names comes once', async () => {
  const python = executable(join(bin, 'python3.12'), `#!/bin/sh\necho '["3.12.1", "", "/usr"]'\n`);
  symlinkSync(python, join(bin, 'python3'));
  symlinkSync(python, join(bin, 'python'));
  expect((await list()).filter(({ path }) => path.startsWith(bin))).toHaveLength(1);
});
