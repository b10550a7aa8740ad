import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runningMs } from '../../contract/index.ts';
import { openHouse } from './fixture-house.ts';
import { isRunning, processEntry } from './process-identity.ts';
import { processesOf, runMark } from './run-mark.ts';

let root: string;
let project: string;
let house: Awaited<ReturnType<typeof openHouse>>;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'benchtop-runner-'));
  project = join(root, 'project');
  mkdirSync(project);
  house = await openHouse(join(root, 'home'), project, { slots: 2 });
});
afterEach(async () => {
  // A test that failed must not leave its processes behind.
  for (const { runId } of await jobs()) await house.runner.cancel(runId);
  await house.close();
  rmSync(root, { recursive: true, force: true });
});

const sh = (script: string, ...rest: string[]) => ({
  projectId: 'p',
  command: ['sh', '-c', script, ...rest],
});
const call = { signal: new AbortController().signal };
const jobs = async () => (await house.runner.handlers.queue({}, call)).jobs;
const logOf = (runId: string) => readFileSync(join(root, 'home', 'runs', runId, 'out.log'));
const pidsOf = (runId: string) => processesOf(null, runMark(runId)).map((entry) => entry.pid);

async function runToEnd(request: Parameters<typeof house.runner.start>[0]) {
  const { runId } = await house.runner.start(request);
  const end = await house.runner.wait(runId);
  return { runId, end, run: house.tracking.run(runId) };
}

async function until(condition: () => boolean, withinMs = 20_000): Promise<void> {
  for (const end = Date.now() + withinMs; !condition();) {
    if (Date.now() > end) throw new Error(`Still not so: ${condition.toString()}`);
    await sleep(20);
  }
}

describe('how a run ended', () => {
  test.each([
    ['exit 0', 'finished', 'exit code 0', 0],
    ['exit 3', 'failed', 'exit code 3', 3],
    ['exit 137', 'failed', 'exit code 137', 137],
    ['kill -KILL $$', 'killed', 'killed by SIGKILL', null],
    ['kill -SEGV $$', 'killed', 'killed by SIGSEGV', null],
    ['kill -TERM $$', 'killed', 'killed by SIGTERM', null],
    ['kill -INT $$', 'failed', 'exit code 130 (the code of an end by SIGINT)', 130],
  ])('%s is %s', async (script, status, ending, exitCode) => {
    const { run } = await runToEnd(sh(script));
    expect(run).toMatchObject({ status, ending, exitCode });
    expect(run.startedAt).not.toBeNull();
    expect(run.endedAt! - run.startedAt!).toBeGreaterThanOrEqual(0);
  });

  test('a program that is not there starts nothing', async () => {
    await expect(house.runner.start({ projectId: 'p', command: ['no-such-program'] })).rejects.toMatchObject({
      code: 'cannot-start',
      evidence: expect.stringContaining('/'),
    });
    expect(await jobs()).toEqual([]);
  });

  test('a folder that is not there, or not in the project, starts nothing', async () => {
    await expect(house.runner.start({ ...sh('true'), workingFolder: 'gone' })).rejects.toMatchObject({
      code: 'cannot-start',
    });
    await expect(house.runner.start({ ...sh('true'), workingFolder: '../' })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  test('a program whose interpreter is missing is said to have not started', async () => {
    writeFileSync(join(project, 'broken'), '#!/no/such/interpreter\n', { mode: 0o755 });
    const { run } = await runToEnd({ projectId: 'p', command: ['./broken'] });
    expect(run).toMatchObject({
      status: 'failed',
      exitCode: 127,
      ending: 'could not start: the command was not found',
    });
  });

  test('a supervisor that was killed is admitted, and no end is invented', async () => {
    const { runId } = await house.runner.start(sh('echo $$ > pid; sleep 2; echo last words'));
    await until(() => existsSync(join(project, 'pid')) && readFileSync(join(project, 'pid'), 'utf8') !== '');
    const child = processEntry(Number(readFileSync(join(project, 'pid'), 'utf8')))!;
    process.kill(child.parentPid, 'SIGKILL');
    const end = await house.runner.wait(runId);
    expect(end.status).toBe('lost');
    expect(end.ending).toContain('supervisor');
    // The child wrote to its file all along.
    expect(logOf(runId).toString()).toBe('last words\n');
  });
});

describe('what a run gets and leaves', () => {
  test('arguments arrive as they are', async () => {
    const odd = ['a b', '"q"', "it's", '$HOME', '*', '', 'line\nbreak', '\\', '-n', 'ünï'];
    const { runId } = await runToEnd(sh('for a; do printf "[%s]" "$a"; done', 'sh', ...odd));
    expect(logOf(runId).toString()).toBe(odd.map((argument) => `[${argument}]`).join(''));
  });

  test('both streams stand in the order in which they were written', async () => {
    const { runId } = await runToEnd(sh('for i in 1 2 3; do echo out$i; echo err$i >&2; done; printf end'));
    expect(logOf(runId).toString()).toBe('out1\nerr1\nout2\nerr2\nout3\nerr3\nend');
  });

  test('SIGINT can still reach the program, nothing waits on its standard input, and it leads its own group', async () => {
    const { runId } = await runToEnd(
      sh(
        "trap 'echo caught' INT; kill -INT $$; cat; grep -c . /proc/$$/stat; ps -o pgid= -p $$ | tr -d ' '; echo $$",
      ),
    );
    const [caught, , group, pid] = logOf(runId).toString().split('\n');
    expect(caught).toBe('caught');
    expect(group).toBe(pid);
  });

  test('the environment: what was asked for, then Benchtop’s additions where nothing was set', async () => {
    const { runId, run } = await runToEnd({
      ...sh('echo $WANDB_MODE $PYTHONUNBUFFERED $BENCHTOP_RUN_ID $SECRET; env | grep -c ^benchtop_'),
      env: { WANDB_MODE: 'online', PYTHONUNBUFFERED: '1', SECRET: 'tomato' },
    });
    expect(logOf(runId).toString()).toBe(`online 1 ${runId} tomato\n0\n`);
    expect(run.tags['benchtop.environmentSet']).toBe(
      'MLFLOW_DISABLE_TELEMETRY, BENCHTOP_RUN_ID, BENCHTOP_LOG_FILE, PYTHONPATH',
    );
    expect(readFileSync(join(root, 'home', 'runs', runId, 'spec.json'), 'utf8')).not.toContain('tomato');
    expect(JSON.stringify(run)).not.toContain('tomato');
  });

  test('metrics from its output, params from its arguments, files as artifacts', async () => {
    writeFileSync(join(project, 'old.txt'), 'from before');
    mkdirSync(join(project, '.hidden'));
    writeFileSync(
      join(project, 'train.sh'),
      'echo epoch=1 loss=0.5; echo epoch=2 loss=nan; echo \'{"step": 7, "auc": 0.7}\'; printf "last=1.5"; mkdir out; echo m > out/m.pkl; echo h > .hidden/x',
    );
    await sleep(50);
    const { run, runId } = await runToEnd({
      projectId: 'p',
      command: ['sh', 'train.sh', '--lr', '0.1', '--api-key=tomato', 'model.depth=3'],
    });
    expect(run.status).toBe('finished');
    expect(run.metrics['loss']).toMatchObject({ count: 2, lastStep: 2, min: 0.5, isGuessed: true });
    expect(run.metrics['auc']).toMatchObject({ last: 0.7, lastStep: 7 });
    expect(run.metrics['last']).toMatchObject({ last: 1.5 });
    expect(run.params).toEqual({ lr: '0.1', api_key: '[redacted]', 'model.depth': '3' });
    expect(run.command).toContain('--api-key=[redacted]');
    expect(run.tags['benchtop.models']).toBe('out/m.pkl');
    const call = { signal: new AbortController().signal };
    const listed = await house.tracking.handlers.artifacts({ runId, folder: 'out' }, call);
    expect(listed.map((artifact) => artifact.path)).toEqual(['out/m.pkl']);
    const top = await house.tracking.handlers.artifacts({ runId, folder: '' }, call);
    expect(top.map((artifact) => artifact.path)).toEqual(['out']);
  });

  test('50 MB of output, whole, with its metrics', async () => {
    const line = 'x'.repeat(95);
    const { runId, run } = await runToEnd({
      projectId: 'p',
      command: [
        process.execPath,
        '-e',
        `const fs=require('fs');const b=Buffer.from(('${line}\\n').repeat(10000));for(let i=0;i<60;i++){fs.writeSync(1,b);fs.writeSync(1,'step='+i+' loss='+i+'\\n')}`,
      ],
    });
    expect(logOf(runId).length).toBeGreaterThan(50 * 1024 * 1024);
    expect(run.metrics['loss']).toMatchObject({ count: 60, last: 59, lastStep: 59 });
  });

  test('bytes that are no UTF-8, bars with carriage returns, and no newline at the end', async () => {
    const { runId, run } = await runToEnd(sh("printf '\\377\\376 loss=0.5\\rloss=0.4\\r\\nloss=0.3'"));
    expect(logOf(runId)[0]).toBe(0xff);
    expect(run.metrics['loss']).toMatchObject({ count: 3, last: 0.3, lastStep: 2 });
  });

  test('a follower is given every byte, and then the end', async () => {
    const { runId } = await house.runner.start(sh('for i in 1 2 3 4 5; do echo line $i; sleep 0.1; done'));
    let text = '';
    let isComplete = false;
    const call = { signal: new AbortController().signal, after: undefined };
    await until(() => existsSync(join(root, 'home', 'runs', runId, 'out.log')));
    for await (const { event } of house.runner.handlers.followLog({ runId, offset: 0 }, call)) {
      text += Buffer.from(event.bytes).toString();
      isComplete = event.isComplete;
    }
    expect(text).toBe('line 1\nline 2\nline 3\nline 4\nline 5\n');
    expect(isComplete).toBe(true);
  });
});

describe('ending a run', () => {
  test('a child that ignores SIGTERM, and one that fled with setsid and a double fork, both end', async () => {
    writeFileSync(
      join(project, 'stubborn.sh'),
      `trap '' TERM HUP\n(setsid sh -c '(sleep 300 </dev/null >/dev/null 2>&1 &)' &)\necho ready > ready\nwhile :; do sleep 1; done\n`,
    );
    const { runId } = await house.runner.start({ projectId: 'p', command: ['sh', 'stubborn.sh'] });
    await until(() => existsSync(join(project, 'ready')) && pidsOf(runId).length >= 3);
    const members = pidsOf(runId).map((pid) => processEntry(pid)!);
    expect(
      members.some(
        (entry) => entry.parentPid === 1 || !members.some((other) => other.pid === entry.parentPid),
      ),
    ).toBe(true);
    await house.runner.cancel(runId);
    expect(members.filter(isRunning)).toEqual([]);
    expect(pidsOf(runId)).toEqual([]);
    expect(house.tracking.run(runId)).toMatchObject({
      status: 'killed',
      ending: 'cancelled (killed by SIGKILL)',
    });
  });

  test('a program that cleans up at SIGTERM is given the time, and is still recorded as cancelled', async () => {
    const { runId } = await house.runner.start(
      sh("trap 'echo saved; exit 0' TERM; echo up; while :; do sleep 0.05; done"),
    );
    await until(() => existsSync(join(root, 'home', 'runs', runId, 'out.log')) && logOf(runId).length > 0);
    await house.runner.cancel(runId);
    // The shell itself says "Terminated" of the `sleep` that ended with it.
    expect(logOf(runId).toString()).toMatch(/^up\n(Terminated\n)?saved\n$/);
    expect(house.tracking.run(runId)).toMatchObject({
      status: 'killed',
      ending: 'cancelled (exit code 0)',
      exitCode: 0,
    });
  });

  test('a time limit ends it', async () => {
    const { run } = await runToEnd({ ...sh('sleep 60'), timeLimitMs: 300 });
    expect(run).toMatchObject({ status: 'killed', ending: 'time limit reached (killed by SIGTERM)' });
  });

  test('a run that waits is cancelled without having started; the next one moves up', async () => {
    const first = await house.runner.start(sh('sleep 60'));
    const second = await house.runner.start(sh('sleep 60'));
    const third = await house.runner.start(sh('touch never'));
    const fourth = await house.runner.start(sh('touch later'));
    expect(house.tracking.run(third.runId).status).toBe('queued');
    await house.runner.cancel(third.runId);
    expect(house.tracking.run(third.runId)).toMatchObject({
      status: 'killed',
      ending: 'cancelled before it started',
      startedAt: null,
    });
    await house.runner.cancel(first.runId);
    expect((await house.runner.wait(fourth.runId)).status).toBe('finished');
    await house.runner.cancel(second.runId);
    expect(existsSync(join(project, 'never'))).toBe(false);
    expect(existsSync(join(project, 'later'))).toBe(true);
  });

  test('a run cancelled in the moment of its start does not stay', async () => {
    const { runId } = await house.runner.start(sh('sleep 60'));
    await house.runner.cancel(runId);
    expect(house.tracking.run(runId).status).toBe('killed');
    expect(pidsOf(runId)).toEqual([]);
  });
});

describe('measures in files', () => {
  const python = (script: string) => ({ projectId: 'p', command: ['python3', '-c', script] });

  test('one line with the helper logs to the run, with nothing installed', async () => {
    const { run } = await runToEnd(
      python(`
import benchtop
benchtop.params(lr=0.01)
benchtop.tags({"team": "growth"})
for step in range(3):
    benchtop.log(loss=1 / (step + 1))
benchtop.log({"val/acc": float("nan")}, step=100)
benchtop.log(odd="word", fine=True)`),
    );
    expect(run).toMatchObject({
      status: 'finished',
      params: { lr: '0.01' },
      tags: { team: 'growth' },
      metrics: {
        loss: { count: 3, lastStep: 2, isGuessed: false },
        'val/acc': { count: 1, lastStep: 100, last: Number.NaN },
        fine: { last: 1, lastStep: 101 },
      },
    });
    expect(Object.keys(run.metrics).toSorted()).toEqual(['fine', 'loss', 'val/acc']);
    expect(logOf(run.id).toString()).toMatch(/^benchtop: odd was not logged: .+\n$/);
  });

  test('a log that the program writes is read while it grows, a table of data is not', async () => {
    writeFileSync(join(project, 'data.csv'), 'carrier,delay\nUA,3\n');
    const { run } = await runToEnd(
      sh(
        'echo "epoch,loss" > log.csv; for i in 0 1 2; do echo "$i,0.$i" >> log.csv; done; cp data.csv copy.csv',
      ),
    );
    expect(run.metrics).toMatchObject({ loss: { count: 3, last: 0.2, lastStep: 2, isGuessed: true } });
    expect(Object.keys(run.metrics)).toEqual(['loss']);
  });

  test('a user’s own module of that name stays theirs', async () => {
    writeFileSync(join(project, 'benchtop.py'), 'print("mine")');
    writeFileSync(join(project, 'main.py'), 'import benchtop');
    const { runId } = await runToEnd({ projectId: 'p', command: ['python3', 'main.py'] });
    expect(logOf(runId).toString()).toBe('mine\n');
  });
});

test('the interpreter that the project was given is what `python` means, unless the caller’s PATH says otherwise', async () => {
  const bin = join(root, 'venv', 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(root, 'venv', 'pyvenv.cfg'), '');
  writeFileSync(join(bin, 'python'), '#!/bin/sh\necho chosen $VIRTUAL_ENV', { mode: 0o755 });
  await house.close();
  house = await openHouse(join(root, 'home'), project, { interpreter: join(bin, 'python') });
  const { runId } = await runToEnd({ projectId: 'p', command: ['python'] });
  expect(logOf(runId).toString()).toBe(`chosen ${join(root, 'venv')}\n`);
  const own = await runToEnd({ ...sh('command -v python || echo none'), env: { PATH: '/bin' } });
  expect(logOf(own.runId).toString()).not.toContain(bin);
});

describe('the queue', () => {
  const sleeper = () => house.runner.start(sh('echo $CUDA_VISIBLE_DEVICES; sleep 60'));
  const stateOf = async (runId: string) => (await jobs()).find((job) => job.runId === runId);

  test('a third run waits; moved to the front it goes before the others, held it does not go at all', async () => {
    const [first] = [await sleeper(), await sleeper()];
    const waiting = [await sleeper(), await sleeper()];
    expect((await jobs()).map((job) => job.status)).toEqual(['running', 'running', 'queued', 'queued']);
    await house.runner.handlers.moveJob({ runId: waiting[1]!.runId, before: waiting[0]!.runId }, call);
    expect((await jobs()).map((job) => job.runId).slice(2)).toEqual([waiting[1]!.runId, waiting[0]!.runId]);
    await house.runner.handlers.setQueueHeld({ isHeld: true }, call);
    await house.runner.cancel(first.runId);
    expect((await jobs()).map((job) => job.status)).toEqual(['running', 'queued', 'queued']);
    await house.runner.handlers.setQueueHeld({ isHeld: false }, call);
    expect(await stateOf(waiting[1]!.runId)).toMatchObject({ status: 'running' });
    await expect(async () =>
      house.runner.handlers.moveJob({ runId: waiting[1]!.runId, before: null }, call),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a paused run and all it started stand still until it goes on', async () => {
    const script = 'sh -c "while :; do echo tick; sleep 0.05; done" & wait';
    const { runId } = await house.runner.start(sh(script));
    await until(() => existsSync(join(root, 'home', 'runs', runId, 'out.log')) && logOf(runId).length > 0);
    await until(() => house.tracking.run(runId).status === 'running');
    await house.runner.handlers.setPaused({ runId, isPaused: true }, call);
    const length = logOf(runId).length;
    await sleep(400);
    expect(logOf(runId).length).toBe(length);
    expect(await stateOf(runId)).toMatchObject({ isPaused: true, etaAt: null });
    expect(house.tracking.run(runId).gaps).toMatchObject([{ to: null, why: 'paused' }]);
    await house.runner.handlers.setPaused({ runId, isPaused: false }, call);
    await until(() => logOf(runId).length > length);
    // Cancelled while it stands still it ends all the same.
    await house.runner.handlers.setPaused({ runId, isPaused: true }, call);
    await house.runner.cancel(runId);
    const run = house.tracking.run(runId);
    expect(run).toMatchObject({ status: 'killed' });
    expect(pidsOf(runId)).toEqual([]);
    const [first, second] = run.gaps;
    expect(first!.to! - first!.from).toBeGreaterThanOrEqual(390);
    expect(second).toMatchObject({ to: null });
    expect(runningMs(run, 0)).toBeLessThanOrEqual(run.endedAt! - run.startedAt! - 390);
  });
});

describe('GPUs', () => {
  test('each run sees one that no other has; who asks for none sees none; what the user says stays', async () => {
    await house.close();
    house = await openHouse(join(root, 'home'), project, { gpus: 2 });
    const show = 'echo "[$CUDA_VISIBLE_DEVICES]"; sleep 60';
    const first = await house.runner.start(sh(show));
    const second = await house.runner.start(sh(show));
    const third = await house.runner.start(sh(show));
    const none = await house.runner.start({ ...sh(show), gpus: 0 });
    const own = await house.runner.start({ ...sh(show), env: { CUDA_VISIBLE_DEVICES: '7' } });
    const printed = (runId: string) => logOf(runId).toString().trim();
    for (const { runId } of [first, second, none, own])
      await until(() => existsSync(join(root, 'home', 'runs', runId, 'out.log')) && printed(runId) !== '');
    expect([first, second, none, own].map(({ runId }) => printed(runId))).toEqual([
      '[0]',
      '[1]',
      '[]',
      '[7]',
    ]);
    expect((await jobs()).find((job) => job.runId === third.runId)).toMatchObject({ status: 'queued' });
  });
});
