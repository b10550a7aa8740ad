import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { call, openRunner, sh, until } from './fixture-runner.ts';
import { processEntry } from './process-identity.ts';

let at: Awaited<ReturnType<typeof openRunner>>;

beforeEach(async () => {
  at = await openRunner();
});
afterEach(() => at.close());

const zeros = '0'.repeat(16);

/** With this variable, which has a meaning of its own to bash, a run is supervised without its job control. */
const byAnySession = { TMOUT: '100' };

describe.each([
  ['process groups', undefined],
  ['sessions', byAnySession],
])('how a run ended, with a supervisor by %s,', (way, env) => {
  const interrupted =
    way === 'sessions'
      ? { status: 'failed', ending: 'exit code 130 (the code of an end by SIGINT)', exitCode: 130 }
      : { status: 'killed', ending: 'killed by SIGINT', exitCode: null };

  test.each([
    ['exit 0', { status: 'finished', ending: 'exit code 0', exitCode: 0 }],
    ['exit 3', { status: 'failed', ending: 'exit code 3', exitCode: 3 }],
    ['no-such-program', { status: 'failed', ending: 'exit code 127', exitCode: 127 }],
    ['exit 137', { status: 'failed', ending: 'exit code 137', exitCode: 137 }],
    ['exit 143', { status: 'failed', ending: 'exit code 143', exitCode: 143 }],
    ['kill -KILL $$', { status: 'killed', ending: 'killed by SIGKILL', exitCode: null }],
    ['kill -SEGV $$', { status: 'killed', ending: 'killed by SIGSEGV', exitCode: null }],
    ['kill -TERM $$', { status: 'killed', ending: 'killed by SIGTERM', exitCode: null }],
    ['kill -INT $$', interrupted],
  ])('%s', async (script, told) => {
    const { run } = await at.runToEnd({ ...sh(script), ...(env && { env }) });
    expect(run).toMatchObject(told);
    expect(run.startedAt).not.toBeNull();
    expect(run.endedAt! - run.startedAt!).toBeGreaterThanOrEqual(0);
  });

  test('the next run of the same supervisor has an end of its own', async () => {
    const ends: unknown[] = [];
    for (const script of ['kill -KILL $$', 'exit 137', 'kill -TERM $$', 'exit 0'])
      ends.push((await at.runToEnd({ ...sh(script), ...(env && { env }) })).run.ending);
    expect(ends).toEqual(['killed by SIGKILL', 'exit code 137', 'killed by SIGTERM', 'exit code 0']);
  });

  test.each([
    ['exit 137', 'exit code 137'],
    ['exit 147', 'exit code 147'],
    ['kill -TERM $$', 'killed by SIGTERM'],
  ])('a program that is stopped for a while goes on to its own end: %s', async (script, ending) => {
    const { runId } = await at.house.runner.start({
      ...sh(`echo $$ > pid; kill -STOP $$; ${script}`),
      ...(env && { env }),
    });
    const stopped = () => /^\d+ \(sh\) T/.test(readFileSync(`/proc/${pid()}/stat`, 'utf8'));
    const pid = () => readFileSync(join(at.project, 'pid'), 'utf8').trim();
    await until(() => existsSync(join(at.project, 'pid')) && pid() !== '' && stopped());
    await sleep(300);
    expect(at.house.tracking.run(runId).status).toBe('running');
    process.kill(Number(pid()), 'SIGCONT');
    expect((await at.house.runner.wait(runId)).ending).toBe(ending);
  });

  test('a program whose interpreter is missing is said to have not started', async () => {
    writeFileSync(join(at.project, 'broken'), '#!/no/such/interpreter\n', { mode: 0o755 });
    const { run } = await at.runToEnd({ projectId: 'p', command: ['./broken'], ...(env && { env }) });
    expect(run).toMatchObject({
      status: 'failed',
      exitCode: 127,
      ending: 'could not start: the command was not found',
    });
  });

  test('no signal is ignored or held back, nothing waits on its standard input, and it leads its own group', async () => {
    const words = ['-E', '^Sig(Ign|Blk)|^NSpgid|^Pid', '/proc/self/status', '-'];
    const { runId } = await at.runToEnd({
      projectId: 'p',
      command: ['grep', '-h', ...words],
      ...(env && { env }),
    });
    const told = Object.fromEntries(
      at
        .logOf(runId)
        .toString()
        .trim()
        .split('\n')
        .map((line) => line.split(':\t')),
    );
    expect(told).toEqual({ Pid: told['NSpgid'], NSpgid: told['Pid'], SigIgn: zeros, SigBlk: zeros });
  });
});

describe('how a run ended', () => {
  test('a program that is not there starts nothing', async () => {
    await expect(
      at.house.runner.start({ projectId: 'p', command: ['no-such-program'] }),
    ).rejects.toMatchObject({
      code: 'cannot-start',
      evidence: expect.stringContaining('/'),
    });
    expect(await at.jobs()).toEqual([]);
  });

  test('a folder that is not there, or not in the project, starts nothing', async () => {
    await expect(at.house.runner.start({ ...sh('true'), workingFolder: 'gone' })).rejects.toMatchObject({
      code: 'cannot-start',
    });
    await expect(at.house.runner.start({ ...sh('true'), workingFolder: '../' })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  test('a supervisor that was killed is admitted, and no end is invented', async () => {
    const { runId } = await at.house.runner.start(sh('echo $$ > pid; sleep 2; echo last words'));
    await until(
      () => existsSync(join(at.project, 'pid')) && readFileSync(join(at.project, 'pid'), 'utf8') !== '',
    );
    const child = processEntry(Number(readFileSync(join(at.project, 'pid'), 'utf8')))!;
    process.kill(child.parentPid, 'SIGKILL');
    const end = await at.house.runner.wait(runId);
    expect(end.status).toBe('lost');
    expect(end.ending).toContain('supervisor');
    // The child wrote to its file all along.
    expect(at.logOf(runId).toString()).toBe('last words\n');
  });
});

describe('what a run gets and leaves', () => {
  test('arguments arrive as they are', async () => {
    const odd = ['a b', '"q"', "it's", '$HOME', '*', '', 'line\nbreak', '\\', '-n', 'ünï ÁÈŐ\u0081'];
    const { runId } = await at.runToEnd(sh('for a; do printf "[%s]" "$a"; done', 'sh', ...odd));
    expect(at.logOf(runId).toString()).toBe(odd.map((argument) => `[${argument}]`).join(''));
  });

  test('runs that follow each other share a supervisor and nothing else, also in a folder that was made anew', async () => {
    const script =
      'echo "$PPID"; echo "$X $0 $BENCHTOP_RUN_ID $OLDPWD"; pwd; X=mine; export X; cd /; touch "$1/made"';
    const first = await at.runToEnd(sh(script, 'one', at.project));
    rmSync(at.project, { recursive: true });
    mkdirSync(at.project);
    const second = await at.runToEnd(sh(`${script}; touch here; ls`, 'two', at.project));
    const third = await at.runToEnd(sh('pwd; : > here; ls'));
    const [parent, ...printed] = at.logOf(first.runId).toString().split('\n');
    const own = process.env['OLDPWD'] ?? '';
    expect(printed.join('\n')).toBe(` one ${first.runId} ${own}\n${at.project}\n`);
    expect(at.logOf(second.runId).toString()).toMatch(
      new RegExp(`^${parent}\\n two ${second.runId} .*\\n${at.project}\\n`),
    );
    expect(at.logOf(third.runId).toString()).toBe(`${at.project}\nhere\nmade\n`);
  });

  test('both streams stand in the order in which they were written', async () => {
    const { runId } = await at.runToEnd(
      sh('for i in 1 2 3; do echo out$i; echo err$i >&2; done; printf end'),
    );
    expect(at.logOf(runId).toString()).toBe('out1\nerr1\nout2\nerr2\nout3\nerr3\nend');
  });

  test('the environment: what was asked for, then Benchtop’s additions where nothing was set', async () => {
    const { runId, run } = await at.runToEnd({
      ...sh('echo $WANDB_MODE $PYTHONUNBUFFERED $BENCHTOP_RUN_ID $SECRET; env | grep -c ^benchtop_'),
      env: { WANDB_MODE: 'online', PYTHONUNBUFFERED: '1', SECRET: 'tomato' },
    });
    expect(at.logOf(runId).toString()).toBe(`online 1 ${runId} tomato\n0\n`);
    expect(run.tags['benchtop.environmentSet']).toBe(
      'MLFLOW_DISABLE_TELEMETRY, BENCHTOP_RUN_ID, BENCHTOP_LOG_FILE, PYTHONPATH',
    );
    expect(readFileSync(join(at.root, 'home', 'runs', runId, 'spec.json'), 'utf8')).not.toContain('tomato');
    expect(JSON.stringify(run)).not.toContain('tomato');
  });

  test.each<Readonly<Record<string, string>>>([
    {
      SHLVL: '7',
      PS1: "it's $ ",
      PS2: '> ',
      BASH_ENV: '/no/such',
      CDPATH: '/',
      'a.b': '1',
      'BASH_FUNC_x%%': '() { echo; }',
    },
    { RANDOM: '5', SECONDS: '9', PS4: '++', SHELLOPTS: 'xtrace', POSIXLY_CORRECT: '' },
  ])('the environment, whatever its names mean to a shell: %o', async (env) => {
    const { runId } = await at.runToEnd({ projectId: 'p', command: ['env', '-0'], env });
    const found = at.logOf(runId).toString().split('\0');
    for (const [name, value] of Object.entries(env)) expect(found).toContain(`${name}=${value}`);
    const added = found
      .map((entry) => entry.split('=')[0]!)
      .filter((name) => !(name in env) && !(name in process.env));
    expect(added.filter((name) => /^(BASH|SHLVL|PS\d|_$)/.test(name))).toEqual([]);
  });

  test.each([undefined, '', "it's C"])(
    'LC_ALL, which its supervisor changes for itself, is %s',
    async (value) => {
      const env = value === undefined ? {} : { LC_ALL: value };
      const { runId } = await at.runToEnd({ ...sh('env | grep ^LC_ALL='), env });
      const asked = value ?? process.env['LC_ALL'];
      expect(at.logOf(runId).toString()).toBe(asked === undefined ? '' : `LC_ALL=${asked}\n`);
    },
  );

  test('metrics from its output, params from its arguments, files as artifacts', async () => {
    writeFileSync(join(at.project, 'old.txt'), 'from before');
    mkdirSync(join(at.project, '.hidden'));
    writeFileSync(
      join(at.project, 'train.sh'),
      'echo epoch=1 loss=0.5; echo epoch=2 loss=nan; echo \'{"step": 7, "auc": 0.7}\'; printf "last=1.5"; mkdir out; echo m > out/m.pkl; echo h > .hidden/x',
    );
    const { run, runId } = await at.runToEnd({
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
    const listed = await at.house.tracking.handlers.artifacts({ runId, folder: 'out' }, call);
    expect(listed.map((artifact) => artifact.path)).toEqual(['out/m.pkl']);
    const top = await at.house.tracking.handlers.artifacts({ runId, folder: '' }, call);
    expect(top.map((artifact) => artifact.path)).toEqual(['out']);
  });

  test('what was written in the moment before it began is no work of it, what it writes at once is', async () => {
    for (let round = 0; round < 12; round++) {
      writeFileSync(join(at.project, 'train.sh'), 'echo m > model.txt\n');
      const { runId } = await at.runToEnd({ projectId: 'p', command: ['sh', 'train.sh'] });
      const left = await at.house.tracking.handlers.artifacts({ runId, folder: '' }, call);
      expect(left.map(({ path }) => path)).toEqual(['model.txt']);
    }
  });

  test('50 MB of output, whole, with its metrics', async () => {
    const line = 'x'.repeat(95);
    const { runId, run } = await at.runToEnd({
      projectId: 'p',
      command: [
        process.execPath,
        '-e',
        `const fs=require('fs');const b=Buffer.from(('${line}\\n').repeat(10000));for(let i=0;i<60;i++){fs.writeSync(1,b);fs.writeSync(1,'step='+i+' loss='+i+'\\n')}`,
      ],
    });
    expect(at.logOf(runId).length).toBeGreaterThan(50 * 1024 * 1024);
    expect(run.metrics['loss']).toMatchObject({ count: 60, last: 59, lastStep: 59 });
  });

  test('bytes that are no UTF-8, bars with carriage returns, and no newline at the end', async () => {
    const { runId, run } = await at.runToEnd(sh("printf '\\377\\376 loss=0.5\\rloss=0.4\\r\\nloss=0.3'"));
    expect(at.logOf(runId)[0]).toBe(0xff);
    expect(run.metrics['loss']).toMatchObject({ count: 3, last: 0.3, lastStep: 2 });
  });

  test('a command that opens /dev/stderr with > empties its log: the record says so', async () => {
    const { runId, run } = await at.runToEnd(
      sh('echo loss=3; sleep 0.5; echo loss=2 >/dev/stderr; echo loss=1'),
    );
    expect(at.logOf(runId).toString()).toBe('loss=2\nloss=1\n');
    expect(run.metrics['loss']).toMatchObject({ count: 3, last: 1 });
    expect(run.tags['benchtop.log']).toMatch(/^emptied by the program itself.+ 7 bytes/);
  });

  test('a follower is given every byte, and then the end', async () => {
    const { runId } = await at.house.runner.start(sh('for i in 1 2 3 4 5; do echo line $i; sleep 0.1; done'));
    let text = '';
    let isComplete = false;
    await until(() => existsSync(at.logPath(runId)));
    for await (const { event } of at.house.runner.handlers.followLog(
      { runId, offset: 0 },
      { ...call, after: undefined },
    )) {
      text += Buffer.from(event.bytes).toString();
      isComplete = event.isComplete;
    }
    expect(text).toBe('line 1\nline 2\nline 3\nline 4\nline 5\n');
    expect(isComplete).toBe(true);
  });
});

describe('measures in files', () => {
  const python = (script: string) => ({ projectId: 'p', command: ['python3', '-c', script] });

  test('one line with the helper logs to the run, with nothing installed', async () => {
    const { run } = await at.runToEnd(
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
    expect(at.logOf(run.id).toString()).toMatch(/^benchtop: odd was not logged: .+\n$/);
  });

  test('a log that the program writes is read while it grows, a table of data is not', async () => {
    writeFileSync(join(at.project, 'data.csv'), 'carrier,delay\nUA,3\n');
    const { run } = await at.runToEnd(
      sh(
        'echo "epoch,loss" > log.csv; for i in 0 1 2; do echo "$i,0.$i" >> log.csv; done; cp data.csv copy.csv',
      ),
    );
    expect(run.metrics).toMatchObject({ loss: { count: 3, last: 0.2, lastStep: 2, isGuessed: true } });
    expect(Object.keys(run.metrics)).toEqual(['loss']);
  });

  test('a user’s own module of that name stays theirs', async () => {
    writeFileSync(join(at.project, 'benchtop.py'), 'print("mine")');
    writeFileSync(join(at.project, 'main.py'), 'import benchtop');
    const { runId } = await at.runToEnd({ projectId: 'p', command: ['python3', 'main.py'] });
    expect(at.logOf(runId).toString()).toBe('mine\n');
  });
});

test('the interpreter that the project was given is what `python` means, unless the caller’s PATH says otherwise', async () => {
  const bin = join(at.root, 'venv', 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(at.root, 'venv', 'pyvenv.cfg'), '');
  writeFileSync(join(bin, 'python'), '#!/bin/sh\necho chosen $VIRTUAL_ENV', { mode: 0o755 });
  await at.reopen({ interpreter: join(bin, 'python') });
  const { runId } = await at.runToEnd({ projectId: 'p', command: ['python'] });
  expect(at.logOf(runId).toString()).toBe(`chosen ${join(at.root, 'venv')}\n`);
  const own = await at.runToEnd({ ...sh('command -v python || echo none'), env: { PATH: '/bin' } });
  expect(at.logOf(own.runId).toString()).not.toContain(bin);
});
