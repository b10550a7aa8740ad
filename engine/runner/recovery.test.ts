import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHouse } from './fixture-house.ts';

let root: string;
let home: string;
let project: string;
let host: ChildProcess | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'benchtop-recovery-'));
  home = join(root, 'home');
  project = join(root, 'project');
  mkdirSync(project);
});
afterEach(() => {
  host?.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** Starts a run in an engine of its own process; resolves when the run has printed something. */
async function hosted(...command: string[]): Promise<string> {
  host = spawn(
    process.execPath,
    [fileURLToPath(new URL('./fixture-host.ts', import.meta.url)), home, project, '1', ...command],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: host.stdout! });
  const runId = await new Promise<string>((resolve) => lines.once('line', resolve));
  const log = join(home, 'runs', runId, 'out.log');
  while (!existsSync(log) || readFileSync(log).length === 0) await sleep(20);
  return runId;
}

async function killHost(): Promise<void> {
  const gone = new Promise((resolve) => host!.once('exit', resolve));
  host!.kill('SIGKILL');
  await gone;
}

const counting = (count: number, then: string) => [
  'sh',
  '-c',
  `i=0; while [ $i -lt ${count} ]; do echo "step=$i loss=0.$i"; i=$((i+1)); sleep 0.01; done; ${then}`,
];

test('an engine killed in mid-run: the next one takes the run up and misses nothing', async () => {
  const runId = await hosted(...counting(200, 'exit 4'));
  await sleep(500);
  await killHost();
  const house = await openHouse(home, project);
  try {
    expect(house.tracking.run(runId).status).toBe('running');
    await house.runner.recover();
    const end = await house.runner.wait(runId);
    expect(end).toMatchObject({ status: 'failed', exitCode: 4, ending: 'exit code 4' });
    // Every point once, whatever had been read before.
    expect(house.tracking.run(runId).metrics['loss']).toMatchObject({ count: 200, lastStep: 199 });
    expect(readFileSync(join(home, 'runs', runId, 'out.log'), 'utf8').split('\n').length).toBe(201);
  } finally {
    await house.close();
  }
});

test('what the last children of a run write is its own, unless another of its group went on beside it', async () => {
  const go = join(root, 'go');
  const before = await openHouse(home, project);
  const start = async (name: string, group: string) => {
    const workingFolder = join(project, group);
    mkdirSync(workingFolder, { recursive: true });
    const patient = `for i in $(seq 500); do [ -e '${go}' ] && break; sleep 0.02; done`;
    const command = ['sh', '-c', `${patient}; (sleep 0.3; echo > ${name}.csv) & exit 0`];
    const { runId } = await before.runner.start({ projectId: 'p', command, workingFolder, group });
    return runId;
  };
  const begun = [await start('alone', 'one'), await start('first', 'two'), await start('second', 'two')];
  await before.close();
  writeFileSync(go, '');
  while (!['one/alone', 'two/first', 'two/second'].every((file) => existsSync(join(project, `${file}.csv`))))
    await sleep(20);
  const house = await openHouse(home, project);
  try {
    await house.runner.recover();
    const left = begun.map(async (runId) => {
      await house.runner.wait(runId);
      const call = { signal: new AbortController().signal };
      const kept = await house.tracking.handlers.artifacts({ runId, folder: '' }, call);
      return kept.map(({ path }) => path);
    });
    expect(await Promise.all(left)).toEqual([['alone.csv'], [], []]);
  } finally {
    await house.close();
  }
});

test('a run that ends while no engine is there is recorded as it ended', async () => {
  const runId = await hosted(...counting(30, 'kill -KILL $$'));
  await killHost();
  while (readFileSync(join(home, 'runs', runId, 'end.json'), 'utf8').trim() === '') await sleep(20);
  const endedBy = Date.now();
  await sleep(100);
  const house = await openHouse(home, project);
  try {
    await house.runner.recover();
    expect(await house.runner.wait(runId)).toMatchObject({ status: 'killed', ending: 'killed by SIGKILL' });
    const run = house.tracking.run(runId);
    expect(run.endedAt).toBeLessThanOrEqual(endedBy);
    expect(run.metrics['loss']).toMatchObject({ count: 30, lastStep: 29 });
  } finally {
    await house.close();
  }
});

test('reading a log again after a crash adds no point', async () => {
  const runId = await hosted(...counting(60, 'exit 0'));
  await sleep(300);
  await killHost();
  // As if the machine had stopped between storing the points and saving the position.
  rmSync(join(home, 'runs', runId, 'reader.json'), { force: true });
  const house = await openHouse(home, project);
  try {
    await house.runner.recover();
    await house.runner.wait(runId);
    expect(house.tracking.run(runId).metrics['loss']).toMatchObject({ count: 60, lastStep: 59 });
  } finally {
    await house.close();
  }
});

test('closing leaves the run alone, and the next engine can cancel it', async () => {
  const first = await openHouse(home, project);
  const { runId } = await first.runner.start({
    projectId: 'p',
    command: ['sh', '-c', 'echo up; exec sleep 60'],
  });
  const log = join(home, 'runs', runId, 'out.log');
  while (!existsSync(log) || readFileSync(log).length === 0) await sleep(20);
  await first.close();
  const second = await openHouse(home, project);
  try {
    await second.runner.recover();
    await second.runner.cancel(runId);
    expect(second.tracking.run(runId)).toMatchObject({
      status: 'killed',
      ending: 'cancelled (killed by SIGTERM)',
    });
  } finally {
    await second.close();
  }
});

test('a machine that was restarted meanwhile is named as the cause', async () => {
  const runId = await hosted('sh', '-c', 'echo up; exec sleep 3');
  await killHost();
  for (const name of ['start.json', 'spec.json']) {
    const path = join(home, 'runs', runId, name);
    const record = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...record, bootId: 'another boot' }));
  }
  const house = await openHouse(home, project);
  try {
    await house.runner.recover();
    const end = await house.runner.wait(runId);
    expect(end.status).toBe('lost');
    expect(end.ending).toMatch(/^lost: machine restarted at 20/);
  } finally {
    await house.close();
  }
});
