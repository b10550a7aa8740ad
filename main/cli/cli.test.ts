import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Artifact, Interpreter, Job, Run, RunEnvironment } from '../../contract/index.ts';
import { createCli } from './fixture-cli.ts';

let house: ReturnType<typeof createCli>;
beforeAll(() => {
  house = createCli();
});
afterAll(() => house.end());

const sh = (script: string) => ['--', 'sh', '-c', script];
const json = <T>(text: string) => JSON.parse(text) as T;
const showRun = async (runId: string) =>
  json<Run & { artifacts: Artifact[]; environment: RunEnvironment | null }>(
    (await house.cli('show', runId, '--json')).stdout,
  );

async function detached(script: string, ...options: string[]): Promise<string> {
  const { stdout, code } = await house.cli('run', '--detach', ...options, ...sh(script));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^[0-9a-f]{32}\n$/);
  return stdout.trim();
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !condition();) {
    if (Date.now() > end) throw new Error(`Still not so: ${condition.toString()}`);
    await sleep(30);
  }
}

describe('benchtop run', () => {
  test.each([
    ['echo out; exit 0', 0],
    ['exit 37', 37],
    ['kill -KILL $$', 137],
    ['kill -SEGV $$', 139],
  ])('%s ends with %i', async (script, code) => {
    expect((await house.cli('run', ...sh(script))).code).toBe(code);
  });

  test('the output is the command’s own, the id and address stand on stderr', async () => {
    const { stdout, stderr } = await house.cli('run', ...sh('echo one; echo two >&2; printf three'));
    expect(stdout).toBe('one\ntwo\nthree');
    expect(stderr).toMatch(/^benchtop: run [0-9a-f]{32} {2}http:\/\/127\.0\.0\.1:\d+\/runs\//);
  });

  test('params, name and record', async () => {
    const { stdout, code } = await house.cli(
      'run',
      '--json',
      '--name',
      'named',
      '--param',
      'lr=0.1',
      '--param',
      'note=a=b',
      ...sh('echo loss=0.5'),
    );
    expect(code).toBe(0);
    expect(json<Run>(stdout)).toMatchObject({
      name: 'named',
      status: 'finished',
      params: { lr: '0.1', note: 'a=b' },
      metrics: { loss: { last: 0.5, isGuessed: true } },
    });
  });

  test('a time limit ends it with 124', async () => {
    const { code, stderr } = await house.cli('run', '--timeout', '500ms', ...sh('sleep 60'));
    expect(code).toBe(124);
    expect(stderr).toContain('time limit reached');
  });

  test('Ctrl-C cancels the run and ends with 130, also when the command answers with 0', async () => {
    const started = house.start(
      'run',
      ...sh("trap 'echo saved; exit 0' TERM; echo up; while :; do sleep 0.05; done"),
    );
    await until(() => started.stdout().includes('up'));
    started.child.kill('SIGINT');
    const { code, stdout, stderr } = await started.ended;
    expect(code).toBe(130);
    expect(stdout).toContain('saved');
    expect(stderr).toContain('cancelled (exit code 0)');
  });

  test('what it does not understand starts nothing', async () => {
    for (const wrong of [
      ['--timeout', 'soon'],
      ['--timeout', '0s'],
      ['--param', 'lr'],
    ]) {
      const { code, stderr } = await house.cli('run', ...wrong, '--', 'touch', 'started');
      expect(code).toBe(1);
      expect(stderr).toMatch(/A (duration|param) is written as/);
    }
    expect(existsSync(join(house.project, 'started'))).toBe(false);
  });
});

describe('a run that goes on', () => {
  test('ps lists it, stop ends it with all it started, and says how', async () => {
    const runId = await detached('echo "step 1/4"; sleep 300 & wait', '--name', 'long');
    const listed = json<Job[]>((await house.cli('ps', '--json')).stdout);
    expect(listed.find((job) => job.runId === runId)).toMatchObject({ name: 'long', status: 'running' });
    expect((await house.cli('ps')).stdout).toMatch(
      new RegExp(`^RUN .*\n(.*\n)*${runId.slice(0, 8)} +running .*long`),
    );
    const { stdout, code } = await house.cli('stop', runId.slice(0, 8));
    expect(code).toBe(0);
    expect(stdout).toBe(`${runId.slice(0, 8)}  killed  cancelled (killed by SIGTERM)\n`);
    expect(json<Job[]>((await house.cli('ps', '--json')).stdout)).toEqual([]);
    expect((await house.cli('ps')).stdout).toBe('Nothing is running.\n');
    expect((await house.cli('stop', runId)).code).toBe(1);
  });

  test('attach shows its last lines, follows it and ends with its exit code', async () => {
    const runId = await detached('echo early; while [ ! -e go ]; do sleep 0.05; done; echo late; exit 5');
    const attached = house.start('attach', runId);
    await until(() => attached.stdout().includes('early'));
    spawnSync('touch', [join(house.project, 'go')]);
    expect(await attached.ended).toMatchObject({ code: 5, stdout: 'early\nlate\n' });
    expect(await house.cli('attach', runId)).toMatchObject({ code: 5, stdout: 'early\nlate\n' });
  });

  test('Ctrl-C at attach leaves it running', async () => {
    const runId = await detached('echo $$ > pid; echo here; sleep 300');
    const attached = house.start('attach', runId);
    await until(() => attached.stdout().includes('here'));
    attached.child.kill('SIGINT');
    const { code, stderr } = await attached.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('goes on');
    process.kill(Number(readFileSync(join(house.project, 'pid'), 'utf8')), 0);
    expect((await showRun(runId)).status).toBe('running');
    expect(json<Run>((await house.cli('stop', runId, '--json')).stdout).status).toBe('killed');
  });
});

test('env list tells each interpreter, and why one cannot be used', async () => {
  const venv = join(house.project, 'old');
  mkdirSync(join(venv, 'bin'), { recursive: true });
  writeFileSync(join(venv, 'pyvenv.cfg'), 'home = /usr/bin\n');
  symlinkSync('/nowhere/python3.9', join(venv, 'bin', 'python'));
  const { stdout, code } = await house.cli('env', 'list', '--json');
  expect(code).toBe(0);
  expect(json<Interpreter[]>(stdout)).toContainEqual({
    path: join(venv, 'bin', 'python'),
    language: 'python',
    kind: 'venv',
    version: null,
    problem: 'is a broken link to /nowhere/python3.9',
    isOfProject: true,
    isChosen: false,
  });
  expect((await house.cli('env', 'list')).stdout).toContain('(unusable: is a broken link to /nowhere');
});

test('show tells the record, for reading and as JSON', async () => {
  const script = 'echo epoch=1 loss=0.5; echo epoch=2 loss=nan; mkdir -p out; echo m > out/m.pkl; exit 3';
  const { stderr } = await house.cli('run', '--name', 'shown', '--param', 'lr=0.1', ...sh(script));
  const runId = /run ([0-9a-f]{32})/.exec(stderr)![1]!;
  const run = await showRun(runId);
  expect(run).toMatchObject({
    status: 'failed',
    ending: 'exit code 3',
    exitCode: 3,
    command: ['sh', '-c', script],
    workingFolder: house.project,
    params: { lr: '0.1' },
    metrics: { loss: { last: 'NaN', min: 0.5, max: 0.5, count: 2, isGuessed: true } },
    tags: { 'benchtop.models': 'out/m.pkl' },
    environment: { interpreter: { path: expect.stringMatching(/\/sh$/) }, problems: [] },
  });
  expect(run.artifacts).toContainEqual({
    path: 'out/m.pkl',
    isFolder: false,
    sizeBytes: 2,
    objectId: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const { stdout, code } = await house.cli('show', 'shown');
  expect(code).toBe(0);
  for (const said of [
    /failed, exit code 3/,
    /lr +0\.1/,
    /loss +NaN +0\.5 +0\.5 +2 +read from/,
    /out\/m\.pkl +2 bytes/,
  ])
    expect(stdout).toMatch(said);
  expect(await house.cli('show', 'no-such-run')).toMatchObject({ code: 1, stdout: '' });
});

test('logs --grep prints the lines that match, numbered as JSON, and 1 when there is none', async () => {
  const { stderr } = await house.cli(
    'run',
    ...sh("printf 'a\\nloss=1\\n\\033[1mlo\\033[0mss=2\\nb\\rloss=3\\rc'"),
  );
  const runId = /run ([0-9a-f]{32})/.exec(stderr)![1]!;
  expect(await house.cli('logs', runId, '--grep', '^loss=[13]')).toMatchObject({
    code: 0,
    stdout: 'loss=1\nloss=3\n',
  });
  const { stdout } = await house.cli('logs', runId, '--grep', 'loss', '--json', '--follow');
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => json<{ line: number }>(line).line),
  ).toEqual([2, 3, 5]);
  expect(await house.cli('logs', runId, '--grep', 'nowhere')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: '',
  });
  expect((await house.cli('logs', runId, '--grep', '(')).code).toBe(2);
});

test('search, points, SQL and the bin from the command line', async () => {
  const runIds: string[] = [];
  for (const [name, loss] of [
    ['searched-a', 3],
    ['searched-b', 1],
    ['searched-c', 2],
  ] as const) {
    const { stderr } = await house.cli(
      'run',
      '--name',
      name,
      '--param',
      `opt=${name}`,
      ...sh(`echo step=1 xloss=9; echo step=2 xloss=${loss}`),
    );
    runIds.push(/run ([0-9a-f]{32})/.exec(stderr)![1]!);
  }
  const listed = await house.cli(
    'runs',
    '--filter',
    "metrics.xloss < 3 OR params.opt = 'searched-a'",
    '--order',
    'metrics.xloss desc, started',
    '--columns',
    'name,metrics.xloss',
  );
  expect(listed.stdout.split('\n').map((line) => line.split(/ +/).slice(1))).toEqual([
    ['name', 'metrics.xloss'],
    ['searched-a', '3'],
    ['searched-c', '2'],
    ['searched-b', '1'],
    [],
  ]);
  const wrong = await house.cli('runs', '--filter', 'adam metrics.xloss < soon');
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toMatch(/"soon" is not a number\.\n {2}at character 22/);

  expect((await house.cli('metrics', runIds[0]!, 'xloss')).stdout).toMatch(/^1\t\d+\t9\n2\t\d+\t3\n$/);
  expect(
    json((await house.cli('metrics', runIds[1]!, 'xloss', '--json', '--from', '2')).stdout),
  ).toMatchObject({
    pointCount: 1,
    points: [{ step: 2, value: 1 }],
  });

  const query = "SELECT name FROM runs WHERE name LIKE 'searched-%' ORDER BY name";
  expect((await house.cli('sql', query, '--csv')).stdout).toBe(
    'name\r\nsearched-a\r\nsearched-b\r\nsearched-c\n',
  );
  expect(json((await house.cli('sql', query, '--json', '--limit', '1')).stdout)).toEqual([
    { name: 'searched-a' },
  ]);
  expect(await house.cli('sql', 'DROP TABLE run')).toMatchObject({ code: 1, stdout: '' });

  expect((await house.cli('delete', runIds[0]!, runIds[1]!)).code).toBe(0);
  expect((await house.cli('undelete', runIds[1]!.slice(0, 8))).stdout).toContain('restored  searched-b');
  const refused = await house.cli('gc', '--older-than', '0');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/runs of the bin +1\n/);
  const dry = json<{ erased: boolean; runIds: string[] }>(
    (await house.cli('gc', '--older-than', '0', '--dry-run', '--json')).stdout,
  );
  expect(dry).toMatchObject({ erased: false, runIds: [runIds[0]] });
  const done = json((await house.cli('gc', '--older-than', '0', '--yes', '--json')).stdout);
  expect(done).toEqual({ ...dry, erased: true });
  expect((await house.cli('show', runIds[0]!)).code).toBe(1);
  expect((await showRun(runIds[1]!)).name).toBe('searched-b');
});

test('a push to a paused target says so and ends; what it left waits, and goes when it is asked to', async () => {
  const run = await house.cli('run', '--name', 'handed-over', ...sh('echo loss=1'));
  expect(run.code).toBe(0);
  const unknown = await house.cli('push', 'nobody', '--target', 'share');
  expect(unknown).toMatchObject({ code: 1, stdout: '' });
  expect(unknown.stderr).toContain('"nobody" is neither a run');
  await house.cli('target', 'add', 'share', '--folder', join(house.project, '..', 'share'));
  await house.cli('target', 'change', 'share', '--pause');
  const held = await house.cli('push', 'handed-over', '--target', 'share');
  expect(held).toMatchObject({ code: 1, stdout: expect.stringContaining('waiting, 0 of ') });
  expect(held.stderr).toContain('share is paused. `benchtop target change share --resume` sends what waits.');
  await house.cli('target', 'change', 'share', '--resume');
  const sent = await house.cli('push', 'handed-over', '--target', 'share');
  expect(sent).toMatchObject({ code: 0, stdout: expect.stringContaining('verified, ') });
});

test('where no engine can start a command says so, soon', async () => {
  const home = join(house.project, '..', 'no-home');
  mkdirSync(home);
  writeFileSync(
    join(home, 'benchtop.db'),
    'This is no database, and longer than the head of one would be.'.repeat(9),
  );
  const { code, stderr } = await house.cli('ps', '--home', home);
  expect(code).toBe(1);
  expect(stderr).toContain('No engine came up');
});
