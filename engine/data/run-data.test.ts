import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineApi } from '../../contract/index.ts';
import type { Engine } from '../engine.ts';
import { openEngine } from '../fixture-engine.ts';
import { namedPaths } from './input-paths.ts';

let root: string;
let folder: string;
let engine: Engine;
let api: EngineApi;
let projectId: string;
let close: () => Promise<void>;

beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-run-data-')));
  folder = join(root, 'project');
  mkdirSync(folder);
  await open();
  projectId = (await api.projects.open({ path: folder })).id;
});
afterEach(async () => {
  await close();
  rmSync(root, { recursive: true, force: true });
});

async function open(): Promise<void> {
  ({ engine, api, close } = await openEngine(join(root, 'home')));
}

/** A file of the project, older than any run. */
function write(path: string, content: string): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  utimesSync(full, 1_700_000_000, 1_700_000_000);
  return full;
}

async function run(script: string, inputs: string[] = []): Promise<string> {
  const { runId } = await api.runner.start({ projectId, command: ['sh', '-c', script], inputs });
  for await (const page of api.runner.followLog({ runId })) if (page.isComplete) break;
  return runId;
}

/** What is recorded of a run's data, briefly: where, how known, how it came out. */
async function dataOf(runId: string): Promise<unknown[]> {
  return (await api.data.ofRun({ runId })).map(({ path, role, knownBy, state }) => [
    path.slice(folder.length + 1),
    role,
    knownBy.join(','),
    state,
  ]);
}
const patience = { timeout: 20_000, interval: 50 };

test('what a run reads becomes a version of it, with how that is known: declared, named, seen open', async () => {
  write('data/jan.csv', 'a\n1\n');
  write('data/feb.csv', 'a\n2\n');
  write('named.csv', 'b\n1\n');
  write('open.csv', 'c\n1\n');
  write('results.csv', 'of an earlier run');
  write('params.yaml', 'x: 1');
  const runId = await run(
    'cat named.csv; exec 3< open.csv; exec 4< data/jan.csv; sleep 1; echo new > results.csv; cat params.yaml',
    ['data'],
  );
  await expect
    .poll(() => dataOf(runId), patience)
    .toEqual([
      ['data', 'input', 'declared', 'recorded'],
      ['named.csv', 'input', 'named', 'recorded'],
      ['open.csv', 'input', 'named,observed', 'recorded'],
    ]);
  const [data] = await api.data.ofRun({ runId });
  expect(data?.version).toMatchObject({ kind: 'folder', fileCount: 2, sizeBytes: 8 });
  const { moments, dataSet } = await api.data.log({ path: join(folder, 'data') });
  expect(dataSet.projectId).toBe(projectId);
  expect(moments[0]?.runs).toMatchObject([{ runId, role: 'input', knownBy: ['declared'] }]);
}, 60_000);

test('a project may lie in the home: what its runs have open is told, and what of the home lies beside it is not', async () => {
  folder = join(root, 'home', 'work');
  write('open.csv', 'c\n1\n');
  write('../beside.csv', 'c\n1\n');
  await run('true');
  projectId = (await api.projects.open({ path: folder })).id;
  // In no word of the command.
  const runId = await run('end=.csv; exec 3< ../beside$end; exec 4< open$end; sleep 0.5');
  await expect.poll(() => dataOf(runId), patience).toEqual([['open.csv', 'input', 'observed', 'recorded']]);
  expect((await api.data.log({ path: join(folder, 'open.csv') })).dataSet.projectId).toBe(projectId);
}, 60_000);

test('a file that changes while the run goes on is marked, one that is not there is told', async () => {
  write('train.csv', 'a\n1\n');
  const script = 'until [ -e go ]; do sleep 0.05; done; echo 2 >> train.csv';
  const { runId } = await api.runner.start({
    projectId,
    command: ['sh', '-c', script],
    inputs: ['train.csv', 'nowhere.csv'],
  });
  await expect
    .poll(() => dataOf(runId), patience)
    .toContainEqual(['train.csv', 'input', 'declared,named', 'recorded']);
  write('go', '');
  await expect
    .poll(() => dataOf(runId), patience)
    .toEqual([
      ['nowhere.csv', 'input', 'declared', 'failed'],
      ['train.csv', 'input', 'declared,named', 'changed'],
    ]);
  const [missing, changed] = await api.data.ofRun({ runId });
  expect(missing?.note).toContain('There is nothing at');
  expect(changed?.note).toMatch(/changed while the run went on/);
}, 60_000);

test('many files open in one folder are that folder, and a file made by the run is no input', async () => {
  for (let at = 0; at < 15; at++) write(`images/${at}.png`, String(at));
  const script =
    'for at in $(seq 0 14); do exec {fd}<images/$at.png; done; echo x > made.csv; exec {fd}<made.csv; sleep 1';
  const { runId } = await api.runner.start({ projectId, command: ['bash', '-c', script] });
  for await (const page of api.runner.followLog({ runId })) if (page.isComplete) break;
  await expect.poll(() => dataOf(runId), patience).toEqual([['images', 'input', 'observed', 'recorded']]);
}, 60_000);

test('stages hand data on: lineage leads from the raw file to the model and back', async () => {
  write('raw.csv', 'a\n1\n2\n');
  write(
    'benchtop.yaml',
    `stages:
  prepare:
    cmd: cp raw.csv clean.csv
    deps: [raw.csv]
    outs: [clean.csv]
  train:
    cmd: cp clean.csv model.json
    deps: [clean.csv]
    outs: [model.json]
`,
  );
  const execution = await api.pipelines.run({ projectId });
  await expect
    .poll(async () => (await api.pipelines.executions({ projectId }))[0]?.status, patience)
    .toBe('finished');
  const ended = await api.pipelines.execution({ executionId: execution.id });
  const [prepare, train] = ended.stages.map(({ runId }) => runId!);
  expect(execution.stages).toHaveLength(2);
  await expect
    .poll(() => dataOf(train!), patience)
    .toEqual([
      ['clean.csv', 'input', 'declared,named', 'recorded'],
      ['model.json', 'output', 'declared', 'recorded'],
    ]);
  const raw = (await api.data.ofRun({ runId: prepare! }))[0]!.version!.version;
  const model = (await api.data.ofRun({ runId: train! }))[1]!.version!.version;
  const names = async (start: Parameters<EngineApi['data']['lineage']>[0]) =>
    (await api.data.lineage(start)).nodes
      .map((node) => (node.kind === 'data' ? node.path.slice(folder.length + 1) : node.name))
      .toSorted();
  const chain = ['clean.csv', 'model.json', 'prepare', 'raw.csv', 'train'];
  expect(await names({ version: raw })).toEqual(chain);
  expect(await names({ version: model })).toEqual(chain);
  expect(await names({ runId: train! })).toEqual(chain);
  const { edges } = await api.data.lineage({ runId: train! });
  expect(edges).toContainEqual({
    from: raw,
    to: prepare,
    because: 'The run read it: declared, named in the command or its script.',
  });
}, 60_000);

test('a data set that an MLflow client logs with a local source is a version, and its models are in the lineage', async () => {
  write('logged.csv', 'a\n1\n');
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await engine.fetch(
      new Request(`http://127.0.0.1/api/2.0/mlflow/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
    expect(answer.status, await answer.clone().text()).toBe(200);
    return answer.json();
  };
  const made = await post('runs/create', { experiment_id: '0', start_time: Date.now() });
  const runId = (made as { run: { info: { run_id: string } } }).run.info.run_id;
  const dataset = (name: string, source: string) => ({
    dataset: { name, digest: name, source_type: 'local', source },
  });
  await post('runs/log-inputs', {
    run_id: runId,
    datasets: [
      dataset('one', JSON.stringify({ uri: `file://${folder}/logged.csv` })),
      dataset('two', JSON.stringify({ uri: 's3://bucket/x.csv' })),
      dataset('three', 'no JSON'),
    ],
  });
  await post('registered-models/create', { name: 'delays' });
  await post('model-versions/create', { name: 'delays', source: `runs:/${runId}/model`, run_id: runId });
  await expect.poll(() => dataOf(runId), patience).toEqual([['logged.csv', 'input', 'logged', 'recorded']]);
  const { nodes } = await api.data.lineage({ runId });
  expect(nodes.map(({ kind }) => kind).toSorted()).toEqual(['data', 'model', 'run']);
});

test('what an engine that ended had begun to read is read by the next one, and marked where it was written to meanwhile', async () => {
  write('train.csv', 'a\n1\n');
  write('test.csv', 'a\n2\n');
  write('gone.csv', 'a\n3\n');
  const runId = await run('true', ['train.csv', 'test.csv', 'gone.csv']);
  const all = (...states: string[]) =>
    ['gone.csv', 'test.csv', 'train.csv'].map((path, at) => [path, 'input', 'declared', states[at]]);
  await expect.poll(() => dataOf(runId), patience).toEqual(all('recorded', 'recorded', 'recorded'));
  await close();
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(join(root, 'home', 'benchtop.db'));
  db.exec("UPDATE run_data SET state = 'reading', version = NULL");
  db.close();
  writeFileSync(join(folder, 'test.csv'), 'another');
  rmSync(join(folder, 'gone.csv'));
  await open();
  await expect.poll(() => dataOf(runId), patience).toEqual(all('failed', 'changed', 'recorded'));
  expect((await api.data.ofRun({ runId }))[2]!.version).toMatchObject({ fileCount: 1, sizeBytes: 4 });
});

test('of a run that went on without an engine the next one looks at the inputs', async () => {
  write('train.csv', 'a\n1\n');
  write('same.csv', 'a\n1\n');
  const { runId } = await api.runner.start({
    projectId,
    command: ['sh', '-c', 'while [ ! -e go ]; do sleep 0.1; done; echo 2 >> train.csv'],
    inputs: ['train.csv', 'same.csv'],
  });
  await expect
    .poll(() => dataOf(runId), patience)
    .toContainEqual(['train.csv', 'input', 'declared,named', 'recorded']);
  await expect
    .poll(() => dataOf(runId), patience)
    .toContainEqual(['same.csv', 'input', 'declared', 'recorded']);
  await close();
  writeFileSync(join(folder, 'go'), '');
  await open();
  await expect
    .poll(() => dataOf(runId), patience)
    .toEqual([
      ['same.csv', 'input', 'declared', 'recorded'],
      ['train.csv', 'input', 'declared,named', 'changed'],
    ]);
}, 60_000);

test('a command and its script name what is there: no code, no settings, nothing outside, no folder it works in', () => {
  write(
    'train.py',
    `read_csv("data/a.csv"); open('/etc/passwd'); read('b.parquet'); glob("data/*.csv"); x = "data"`,
  );
  write('data/a.csv', '');
  write('b.parquet', '');
  write('c.npy', '');
  write('settings.yaml', '');
  write('.hidden/d.csv', '');
  const named = (...command: string[]) =>
    namedPaths(command, folder, folder).map((path) => path.slice(folder.length + 1));
  expect(named('python', 'train.py', '--x=c.npy', '--config', 'settings.yaml')).toEqual([
    'c.npy',
    'data/a.csv',
    'b.parquet',
  ]);
  expect(
    named('python', 'other.py', './data', '.', '..', folder, '.hidden/d.csv', '/etc/passwd', 'data'),
  ).toEqual(['data']);
  write('-c', '');
  expect(named('sh', '-c', 'cat "data/a.csv" | wc > out.txt')).toEqual(['data/a.csv']);
  for (const script of ['train.mjs', 'train.cjs', 'train.ts']) {
    write(script, "readFileSync('data/a.csv');");
    expect(named('node', script)).toEqual(['data/a.csv']);
  }
});
