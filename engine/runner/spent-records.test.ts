import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createRunFolder,
  readRecord,
  recordPath,
  runFolder,
  writeSpec,
  type RunRecord,
} from './run-folder.ts';
import { uptimeS } from './process-identity.ts';
import { ticksPerSecond } from './resources/process-usage.ts';
import { call, openRunner, sh, until } from './fixture-runner.ts';
import { openHouse } from './fixture-house.ts';
import { createSpentRecords } from './spent-records.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'benchtop-spent-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const folderOf = (digit: string) => runFolder(home, digit.repeat(32));
const end = (digit: string) =>
  JSON.stringify({ run: digit.repeat(32), status: 0, isSignal: false, oomKills: null, uptimeS: 12.5 });
const specOf = (digit: string, command: string[]): RunRecord<'spec'> => ({
  run: digit.repeat(32),
  command,
  workingFolder: home,
  environmentSet: [],
  timeLimitMs: null,
  bootId: 'boot',
  oomKills: null,
  asleepMs: null,
  group: null,
  inputs: [],
  outputs: [],
  supervisor: null,
});

/** As a supervisor writes it: over the blanks. */
function writeEnd(digit: string): void {
  const path = recordPath(folderOf(digit), 'end');
  const space = readFileSync(path, 'utf8');
  writeFileSync(path, end(digit) + space.slice(end(digit).length), { flag: 'r+' });
}

/** What was told to be on disk is looked at when all has been told. */
const looked = () => Promise.resolve();

const nobody = { pid: process.pid, startTicks: 0, isMarked: false };
const ended = (digit: string, start = nobody) => ({
  runId: digit.repeat(32),
  folder: folderOf(digit),
  start,
});

test('records go to the next run blank, and only once the end of their run is on disk', async () => {
  const spent = createSpentRecords();
  createRunFolder(folderOf('a'), spent.legacy);
  writeSpec(folderOf('a'), specOf('a', ['first', 'with', 'a', 'long', 'command']));
  writeEnd('a');
  expect(readRecord(folderOf('a'), 'end')).toMatchObject({ status: 0 });
  spent.add(ended('a'));

  const onDisk = spent.beforeDisk();
  createRunFolder(folderOf('b'), spent.legacy);
  expect(readRecord(folderOf('a'), 'end')).not.toBeNull();
  onDisk();
  await looked();

  const { ino } = statSync(recordPath(folderOf('a'), 'end'));
  createRunFolder(folderOf('c'), spent.legacy);
  expect(statSync(recordPath(folderOf('c'), 'end'))).toMatchObject({ ino, size: 512 });
  expect(readRecord(folderOf('c'), 'end')).toBeNull();
  expect(readRecord(folderOf('c'), 'spec')).toBeNull();
  for (const command of [['next', 'with', 'many', 'words'], ['next']]) {
    writeSpec(folderOf('c'), specOf('c', command));
    expect(readRecord(folderOf('c'), 'spec')).toMatchObject({ command });
  }
  expect(existsSync(folderOf('a').log)).toBe(true);
  expect(readRecord(folderOf('a'), 'end')).toBeNull();
});

test('a record that a power failure has left in the folder of another run is none', () => {
  createRunFolder(folderOf('b'));
  writeFileSync(recordPath(folderOf('b'), 'end'), end('a'));
  writeFileSync(recordPath(folderOf('b'), 'spec'), JSON.stringify(specOf('a', ['other'])));
  expect(readRecord(folderOf('b'), 'end')).toBeNull();
  expect(readRecord(folderOf('b'), 'spec')).toBeNull();
});

/** As a run's that is over now. */
const gone = () => ({
  pid: spawnSync('true').pid,
  startTicks: Math.floor(uptimeS()! * ticksPerSecond),
  isMarked: true,
});

test.each([
  ['records', () => nobody],
  ['folders', gone],
])('%s that were erased meanwhile are made anew, and no others', async (_, start) => {
  const spent = createSpentRecords();
  const inodeOf = (digit: string) => statSync(recordPath(folderOf(digit), 'end')).ino;
  for (const digit of ['a', 'b']) {
    createRunFolder(folderOf(digit));
    spent.add(ended(digit, start()));
  }
  spent.beforeDisk()();
  await looked();
  rmSync(folderOf('b').path, { recursive: true });
  const inode = inodeOf('a');
  for (const digit of ['c', 'd']) {
    createRunFolder(folderOf(digit), spent.legacy);
    const space = readFileSync(recordPath(folderOf(digit), 'end'), 'utf8');
    expect([space.length, space.trim()]).toEqual([512, '']);
  }
  expect([inodeOf('c'), inodeOf('d')]).toContain(inode);
  expect(existsSync(folderOf('a').path)).toBe(start !== gone);
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test('the folder goes on only where nothing is in it and nobody is left who could print', async () => {
  const house = await openRunner();
  const kept = async (script: string) => {
    const { runId, end } = await house.runToEnd(sh(script));
    expect(end.status).toBe('finished');
    // What it has left is looked at while the next one is begun, and goes to the one after that.
    for (const _ of [1, 2]) await house.runToEnd(sh('echo other'));
    return { runId, isKept: existsSync(dirname(house.logPath(runId))) };
  };
  try {
    const silent = await kept('exit 0');
    expect(silent.isKept).toBe(false);
    const { log, followLog, searchLog } = house.house.runner.handlers;
    const empty = { offset: 0, sizeBytes: 0, isComplete: true };
    expect(await log({ runId: silent.runId, offset: -100, limit: 100 }, call)).toMatchObject(empty);
    const pages = followLog({ runId: silent.runId, offset: 0 }, { ...call, after: undefined });
    expect(await all(pages)).toMatchObject([{ event: empty }]);
    const wanted = { runId: silent.runId, from: 0, text: 'a', isRegex: false, isCaseSensitive: true };
    const finds = searchLog(wanted, { ...call, after: undefined });
    expect(await all(finds)).toMatchObject([{ event: { count: 0, isComplete: true } }]);

    expect((await kept('echo word')).isKept).toBe(true);
    expect((await kept('echo word >&2')).isKept).toBe(true);
    expect((await kept('echo told > "$BENCHTOP_LOG_FILE"')).isKept).toBe(true);
    // It has left the run's group and session, and its parent is gone.
    const late = await kept('(setsid sh -c "sleep 0.5; echo late" &)');
    expect(late.isKept).toBe(true);
    await until(() => house.logOf(late.runId).toString() === 'late\n');
  } finally {
    await house.close();
  }
});

test('an engine killed while folders go from run to run: each run is done once, and what it printed is its own', async () => {
  const root = mkdtempSync(join(tmpdir(), 'benchtop-series-'));
  const project = join(root, 'project');
  mkdirSync(project);
  const began = () => readFileSync(join(project, 'began'), 'utf8').trim().split('\n');
  const prints = (runId: string) => /[0-7]$/.test(runId);
  const script =
    'echo "$BENCHTOP_RUN_ID" >> began; case "$BENCHTOP_RUN_ID" in *[0-7]) echo "$BENCHTOP_RUN_ID" ;; esac';
  const host = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('./fixture-host-series.ts', import.meta.url)),
      join(root, 'home'),
      project,
      'sh',
      '-c',
      script,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    const done: string[] = [];
    for await (const line of createInterface({ input: host.stdout })) if (done.push(line) === 60) break;
    host.kill('SIGKILL');
    await once(host, 'exit');
    const house = await openHouse(join(root, 'home'), project);
    try {
      await house.runner.recover();
      expect(began()).toEqual(expect.arrayContaining(done));
      expect(new Set(began()).size).toBe(began().length);
      for (const runId of began()) {
        expect(await house.runner.wait(runId)).toMatchObject({ status: 'finished' });
        const { bytes } = await house.runner.handlers.log({ runId, offset: 0, limit: 100 }, call);
        expect(Buffer.from(bytes).toString()).toBe(prints(runId) ? `${runId}\n` : '');
      }
      const silent = done.filter((runId) => !prints(runId));
      const kept = silent.filter((runId) => existsSync(join(root, 'home', 'runs', runId)));
      expect(kept.length).toBeLessThan(silent.length);
    } finally {
      await house.close();
    }
  } finally {
    host.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  }
});
