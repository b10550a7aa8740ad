import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineApi } from '../../contract/index.ts';
import { openEngine } from '../fixture-engine.ts';
import { interpreterOfCommand } from './interpreter-of-command.ts';

let root: string;
let folder: string;
let api: EngineApi;
let projectId: string;
let close: () => Promise<void>;

beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-provenance-')));
  folder = join(root, 'project');
  mkdirSync(folder);
  ({ api, close } = await openEngine(join(root, 'home')));
  projectId = (await api.projects.open({ path: folder })).id;
});
afterEach(async () => {
  await close();
  rmSync(root, { recursive: true, force: true });
});

const realPython = execFileSync('python3', ['-c', 'import sys;print(sys.executable)'], {
  encoding: 'utf8',
}).trim();
const release = execFileSync(realPython, ['-c', 'import sys;print("%d.%d" % sys.version_info[:2])'], {
  encoding: 'utf8',
}).trim();

function makeVenv(path: string): string {
  execFileSync(realPython, ['-m', 'venv', '--without-pip', path]);
  return join(path, 'bin', 'python');
}

/** Of a run that has ended; its environment may still be on the way to the store. */
async function environmentOf(runId: string) {
  for await (const page of api.runner.followLog({ runId })) if (page.isComplete) break;
  return api.environments.ofRun({ runId });
}

test('a run records its interpreter, packages, repository, laptop and variables', async () => {
  const python = makeVenv(join(folder, 'venv'));
  const packages = join(folder, 'venv', 'lib', `python${release}`, 'site-packages');
  for (const name of [
    'scikit_learn-1.5.0.dist-info',
    'PyYAML-6.0.egg-info',
    'numpy-2.1.0.dist-info',
    'numpy',
  ])
    mkdirSync(join(packages, name));
  execFileSync('git', ['init', '--quiet', '--initial-branch=trial'], { cwd: folder });
  const { runId } = await api.runner.start({
    projectId,
    command: ['python', '-c', 'print("loss=0.1")'],
    env: {
      PATH: [join(folder, 'venv', 'bin'), process.env['PATH']].join(delimiter),
      OMP_NUM_THREADS: '3',
      SLURM_API_TOKEN: 'hidden',
      HF_TOKEN: 'hidden too',
    },
  });
  const environment = await environmentOf(runId);
  expect(environment).toMatchObject({
    interpreter: { path: python, language: 'python', kind: 'venv' },
    packages: [
      { name: 'numpy', version: '2.1.0' },
      { name: 'pyyaml', version: '6.0' },
      { name: 'scikit-learn', version: '1.5.0' },
    ],
    git: { commit: null, branch: 'trial', isDirty: true, remoteUrl: null },
    variables: { OMP_NUM_THREADS: '3', SLURM_API_TOKEN: '[redacted]' },
    problems: [],
  });
  expect(environment?.interpreter?.version).toMatch(/^3\.\d+\.\d+/);
  expect(environment?.host.cores).toBeGreaterThan(0);
  expect(JSON.stringify(environment)).not.toContain('hidden');
});

test('a program in no known language is recorded as such, and an unknown run has nothing', async () => {
  const { runId } = await api.runner.start({ projectId, command: ['/bin/echo', 'hello'] });
  expect(await environmentOf(runId)).toMatchObject({
    interpreter: { path: '/bin/echo', language: null, kind: null, version: null },
    packages: null,
    git: null,
  });
  expect(await api.environments.ofRun({ runId: 'f'.repeat(32) })).toBeNull();
});

test('a project keeps its choice; an unusable interpreter is refused', async () => {
  const python = makeVenv(join(folder, '.venv'));
  await api.environments.choose({ projectId, path: python });
  const chosen = async () =>
    (await api.environments.list({ projectId })).filter(({ isChosen }) => isChosen).map(({ path }) => path);
  expect(await chosen()).toEqual([python]);
  await expect(api.environments.choose({ projectId, path: join(root, 'python') })).rejects.toMatchObject({
    code: 'invalid-input',
    evidence: 'It is missing.',
  });
  expect(await chosen()).toEqual([python]);
  await api.environments.choose({ projectId, path: null });
  expect(await chosen()).toEqual([]);
});

test.each([
  ['a name on PATH', ['python', 'train.py']],
  ['a path', ['bin/python', 'train.py']],
  ['a starter', ['env', 'A=1', 'python', 'train.py']],
  ['the text of a shell', ['sh', '-c', 'A=1 python train.py --x 1']],
  ['the first line of a script', ['./train']],
])('the interpreter behind %s', (_how, command) => {
  mkdirSync(join(folder, 'bin'));
  for (const [name, text] of [
    ['bin/python', ''],
    ['train', '#!/usr/bin/env python\n'],
  ] as const) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
  const environment = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` };
  expect(interpreterOfCommand({ command, workingFolder: folder, environment })).toEqual({
    path: join(folder, 'bin', 'python'),
    language: 'python',
    isLauncher: false,
  });
});

test('an environment that the command names is told from the one on PATH', () => {
  const python = makeVenv(join(folder, '.venv'));
  mkdirSync(join(folder, 'src'));
  const condaBin = join(root, 'conda', 'bin');
  mkdirSync(join(root, 'conda', 'envs', 'torch', 'conda-meta'), { recursive: true });
  mkdirSync(condaBin);
  for (const name of ['conda', 'poetry', 'python']) {
    writeFileSync(join(condaBin, name), '');
    chmodSync(join(condaBin, name), 0o755);
  }
  const environment = { PATH: `${condaBin}:/usr/bin:/bin` };
  const pathOf = (command: string[], workingFolder = folder) =>
    interpreterOfCommand({ command, workingFolder, environment });
  const own = { path: python, language: 'python', isLauncher: false };
  expect(pathOf(['uv', 'run', 'train.py'], join(folder, 'src'))).toEqual(own);
  expect(pathOf(['sh', '-c', '. .venv/bin/activate && python train.py'])).toEqual(own);
  expect(pathOf(['conda', 'run', '-n', 'torch', 'python', 'train.py'])).toEqual({
    path: join(root, 'conda', 'envs', 'torch', 'bin', 'python'),
    language: 'python',
    isLauncher: false,
  });
  // Nothing is claimed where the words do not tell.
  const unknown = { language: null, isLauncher: true };
  expect(pathOf(['conda', 'run', '-n', 'other', 'python', 'train.py'])).toMatchObject(unknown);
  expect(pathOf(['bash', '-c', 'conda activate torch && python train.py'])).toMatchObject(unknown);
  expect(pathOf(['poetry', 'run', 'python', 'train.py'], root)).toMatchObject(unknown);
});
