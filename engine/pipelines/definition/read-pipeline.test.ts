import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Pipeline } from '../../../contract/index.ts';
import { fixtureProject } from './fixture-project.ts';
import { readPipeline } from './index.ts';

const read = async (files: Readonly<Record<string, string>>): Promise<Pipeline> => {
  const pipeline = await readPipeline(fixtureProject(files));
  if (pipeline === null) throw new Error('no pipeline');
  return pipeline;
};
const own = (text: string, more: Readonly<Record<string, string>> = {}) =>
  read({ 'benchtop.yaml': text, ...more });

test('stages come in an order in which they can run, joined by what they read and write', async () => {
  const { stages, problems } = await own(`
stages:
  report: {cmd: report, deps: [model.pkl]}
  train:
    cmd: train
    deps: [shared]
    outs:
      - model.pkl: {cache: false, persist: true}
  prepare:
    cmd: [one, two]
    wdir: src dir
    outs: [../shared/a.csv, ./../shared/b.csv]
`);
  expect(problems).toEqual([]);
  expect(stages.map(({ name, upstream, line }) => [name, upstream, line])).toEqual([
    ['prepare', [], 9],
    ['train', ['prepare'], 4],
    ['report', ['train'], 3],
  ]);
  expect(stages[0]).toMatchObject({
    commands: ['one', 'two'],
    workingFolder: 'src dir',
    file: 'benchtop.yaml',
  });
  expect(stages[1]?.outputs).toEqual([
    { path: 'model.pkl', kind: 'output', isCached: false, isPersistent: true },
  ]);
});

test("benchtop.yaml's own keys", async () => {
  const { stages, problems } = await own(
    `
stages:
  a:
    cmd: run
    resources: {cpu: 2, memory: 4 GB, gpu: "\${gpus}"}
    retry: {times: 3, delay: 5 s}
    timeout: 1.5 h
    env: {SEED: 1, NAME: "\${name}", RATE: 1.0}
    mutex: [database, gpu]
  b: {cmd: run, retry: 2, timeout: 90, mutex: database, resources: {memory: 512MiB}}
`,
    { 'params.yaml': 'gpus: 1\nname: x y\n' },
  );
  expect(problems).toEqual([]);
  expect(stages[0]).toMatchObject({
    resources: { cpus: 2, memoryBytes: 4e9, gpus: 1 },
    retry: { times: 3, delayMs: 5000 },
    timeLimitMs: 5_400_000,
    env: { SEED: '1', NAME: 'x y', RATE: '1.0' },
    mutexes: ['database', 'gpu'],
  });
  expect(stages[1]).toMatchObject({
    resources: { cpus: null, memoryBytes: 2 ** 29 },
    retry: { times: 2, delayMs: 10_000 },
    timeLimitMs: 90_000,
    mutexes: ['database'],
  });
});

test('patterns in deps stand for the files there are, for outputs to come, and for a folder that a stage writes', async () => {
  const { stages, problems } = await own(
    `
stages:
  split: {cmd: split, outs: [parts/c.csv, made]}
  join: {cmd: join, deps: ["parts/*.csv", "src/**/*.py", "made/*.txt", "[x].txt"]}
`,
    {
      'parts/a.csv': '',
      'parts/.hidden.csv': '',
      'parts/b.txt': '',
      'src/one.py': '',
      'src/deep/two.py': '',
      '[x].txt': '',
    },
  );
  expect(problems).toEqual([]);
  expect(stages.find(({ name }) => name === 'join')).toMatchObject({
    deps: ['parts/a.csv', 'parts/c.csv', 'src/deep/two.py', 'src/one.py', 'made', '[x].txt'],
    upstream: ['split'],
  });
});

test('every mistake is told at once, each with its place and what to do', async () => {
  const text = `vars: [more.yaml]
stages:
  a:
    cmd: run \${x} \${y.z}
    dep: [x]
  b:
    cmd: run \${x} \${y.z}
    outs: [one, s3://out]
    timeout: soon
  c: {cmd: run, outs: [one], params: [nope, {gone.json: [k]}]}
  d: {cmd: run, deps: [e.txt, "s4://bucket/x", "*.nothing"], outs: [d.txt]}
  e: {cmd: run, deps: [d.txt], outs: [e.txt]}
  f@g: {cmd: run}
stagse: 1
`;
  const { problems, stages } = await own(text, { 'params.yaml': 'y: {z: 1}\n' });
  expect(stages.map(({ name }) => name)).toEqual(expect.arrayContaining(['b', 'c', 'd', 'e']));
  const told = problems.map(({ line, column, message, fix }) => `${line}:${column} ${message} ${fix}`).sort();
  expect(told).toEqual([
    expect.stringMatching(/^10:24 Stage "c" and stage "b" both write one\. /),
    expect.stringMatching(
      /^10:39 Stage "c" reads the param nope, which params\.yaml does not have\. Add nope/,
    ),
    expect.stringMatching(/^10:45 There is no file gone\.json\. Create/),
    expect.stringMatching(/^11:32 Nothing can be read from s4:\/\/ \(s4:\/\/bucket\/x\)\. /),
    expect.stringMatching(/^11:49 \*\.nothing matches nothing\. /),
    expect.stringMatching(/^12:24 The stages go in a circle: d needs e needs d\. /),
    expect.stringMatching(/^13:3 The name "f@g" holds an @\. /),
    expect.stringMatching(/^14:1 "stagse" is no key here\. Did you mean "stages"\?/),
    expect.stringMatching(/^1:8 There is no file more\.yaml\. /),
    expect.stringMatching(/^5:5 "dep" is no key here\. Did you mean "deps"\?/),
    expect.stringMatching(/^7:10 \$\{x\} has no value\. Add x to params\.yaml/),
    expect.stringMatching(/^8:17 The output s3:\/\/out is no file or folder of this machine/),
    expect.stringMatching(/^9:14 soon is no time\. /),
  ]);
});

test('an output outside of the project is taken, and is neither kept nor removed', async () => {
  const { stages, problems } = await own('stages: {a: {cmd: run, outs: [../x]}}');
  expect(problems).toEqual([]);
  expect(stages[0]?.outputs).toMatchObject([{ path: '../x', isCached: false, isPersistent: true }]);
});

test('a key of benchtop.yaml in a dvc.yaml, which DVC would refuse, is told as that', async () => {
  const { problems } = await read({ 'dvc.yaml': 'stages:\n  a:\n    cmd: run\n    retry: 3\n' });
  expect(problems).toMatchObject([{ line: 4, fix: expect.stringContaining('benchtop.yaml') }]);
});

test('a mistake in params.yaml or in the YAML has its own place', async () => {
  const { problems } = await own('stages: {a: {cmd: run}}', { 'params.yaml': 'a: 1\nb: [\n' });
  expect(problems).toMatchObject([{ file: 'params.yaml', line: 3 }]);
  expect((await own('stages:\n  a: {cmd: run\n')).problems).toMatchObject([
    { file: 'benchtop.yaml', line: 3 },
  ]);
  expect((await own('vars: []')).problems[0]?.message).toContain('no `stages`');
});

test('params of a file that a stage writes need not be there yet', async () => {
  const { problems, stages } = await own(
    'stages: {a: {cmd: run, outs: [best.json]}, b: {cmd: run, params: [{best.json: [lr]}]}}',
  );
  expect(problems).toEqual([]);
  expect(stages.find(({ name }) => name === 'b')?.upstream).toEqual(['a']);
});

test('data that .dvc files track is told, with what DVC recorded of it', async () => {
  const { sources } = await read({
    '.dvc/config': '',
    'dvc.yaml': 'stages: {a: {cmd: run, deps: [data/raw]}}',
    'data/raw.dvc':
      'outs:\n- md5: 20b786b6e6f80e2b3fcf17827ad18597.dir\n  size: 6\n  nfiles: 2\n  hash: md5\n  path: raw\n',
    'data/raw/dvc.yaml': 'stages: {never: {cmd: read}}',
  });
  expect(sources).toEqual([
    {
      file: 'data/raw.dvc',
      path: 'data/raw',
      md5: '20b786b6e6f80e2b3fcf17827ad18597',
      hashName: 'md5',
      isFolder: true,
      sizeBytes: 6,
    },
  ]);
});

test('what was read is given again until one of the files changes, or one comes that counts', async () => {
  const project = fixtureProject({
    'benchtop.yaml': 'stages: {a: {cmd: "run ${x}", deps: ["in/*.csv"]}}',
    'params.yaml': 'x: 1\n',
    'in/a.csv': '',
  });
  // The kernel's own times of the files cannot be set back: they are old enough a moment later.
  await sleep(80);
  const first = await readPipeline(project);
  expect(await readPipeline(project)).toBe(first);
  writeFileSync(join(project, 'params.yaml'), 'x: 2\n');
  expect((await readPipeline(project))?.stages[0]?.commands).toEqual(['run 2']);
  writeFileSync(join(project, 'in/b.csv'), '');
  expect((await readPipeline(project))?.stages[0]?.deps).toEqual(['in/a.csv', 'in/b.csv']);
  mkdirSync(join(project, 'elsewhere'));
  await sleep(80);
  const last = await readPipeline(project);
  writeFileSync(join(project, 'elsewhere/file'), '');
  expect(await readPipeline(project)).toBe(last);
});

test('a project without a definition has none', async () => {
  expect(await readPipeline(fixtureProject({ 'params.yaml': 'a: 1\n' }))).toBeNull();
});
