import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineApi } from '../../contract/index.ts';
import { openEngine } from '../fixture-engine.ts';

let root: string;
let folder: string;
let api: EngineApi;
let projectId: string;
let close: () => Promise<void>;

async function open(): Promise<void> {
  ({ api, close } = await openEngine(join(root, 'home')));
}

beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-reproduce-')));
  folder = join(root, 'project');
  mkdirSync(join(folder, 'data'), { recursive: true });
  await open();
  projectId = (await api.projects.open({ path: folder })).id;
});
afterEach(async () => {
  await close();
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });

async function ran(command: string[]): Promise<string> {
  const { runId } = await api.runner.start({ projectId, command });
  await whenEnded(runId);
  return runId;
}

async function whenEnded(runId: string): Promise<void> {
  for await (const page of api.runner.followLog({ runId })) if (page.isComplete) break;
  for (const until = Date.now() + 20_000; Date.now() < until; await sleep(50))
    if ((await api.tracking.run({ runId })).endedAt !== null) return;
  throw new Error(`Run ${runId} has no end.`);
}

async function verdictOf(id: string) {
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(50)) {
    const one = await api.reproduction.one({ id });
    if (one.state === 'ended') return one;
  }
  throw new Error(`Reproduction ${id} has no end.`);
}

const reproduced = async (
  runId: string,
  more: { againstRunId?: string; tolerance?: { spread: number } } = {},
) => verdictOf((await api.reproduction.start({ runId, ...more })).id);

/** Every file with its content, mode and times, the repository's own among them, but for the snapshots of runs. */
function treeOf(path: string): string {
  const hash = createHash('sha256');
  const visit = (at: string) => {
    for (const name of readdirSync(at).toSorted()) {
      const own = join(at, name);
      const found = lstatSync(own);
      if (/\.git\/(objects|refs\/benchtop)$/.test(own)) continue;
      if (found.isDirectory()) visit(own);
      else hash.update(`${own} ${found.mode} ${found.mtimeMs} ${readFileSync(own).toString('base64')}\n`);
    }
  };
  visit(path);
  return hash.digest('hex');
}

const script = `
import csv, json, os
rows = [float(row[0]) for row in csv.reader(open("data/x.csv"))]
os.makedirs("out", exist_ok=True)
json.dump({"mean": sum(rows) / len(rows)}, open("out/model.json", "w"))
print("loss=%r" % (sum(rows) / len(rows)))
`;

test('a run of changed code on changed data is brought back: identical, and the user’s tree untouched', async () => {
  writeFileSync(join(folder, 'train.py'), script);
  writeFileSync(join(folder, 'data', 'x.csv'), '1\n2\n3\n');
  git('init', '--quiet');
  git('add', 'train.py');
  git('commit', '--quiet', '-m', 'first');
  const runId = await ran(['python3', 'train.py', '--seed', '1']);
  expect((await api.tracking.run({ runId })).metrics['loss']?.last).toBe(2);

  writeFileSync(join(folder, 'train.py'), script.replace('/ len', '* len'));
  writeFileSync(join(folder, 'data', 'x.csv'), '5\n');
  const later = await ran(['python3', 'train.py', '--seed', '2']);
  const before = treeOf(folder);

  const readiness = await api.reproduction.readiness({ runId });
  expect(readiness).toMatchObject({
    canRun: true,
    items: [
      { part: 'command', state: 'ready' },
      { part: 'code', state: 'ready' },
      { part: 'environment', state: 'ready' },
      { part: 'data', state: 'ready' },
      { part: 'seeds', state: 'ready', what: 'seed=1' },
      { part: 'hardware', state: 'ready' },
    ],
  });
  const one = await reproduced(runId);
  expect(one).toMatchObject({
    verdict: 'identical',
    metrics: [{ name: 'loss', a: 2, b: 2, state: 'equal' }],
    outputs: [{ path: 'out/model.json', state: 'equal' }],
  });
  expect(treeOf(folder)).toBe(before);
  expect(existsSync(join(root, 'home', 'scratch', one.id))).toBe(false);
  expect((await api.tracking.run({ runId })).tags['benchtop.reproduced']).toBe('identical');
  expect((await api.tracking.run({ runId: one.runId ?? '' })).tags['benchtop.reproduces']).toBe(runId);
  expect(await api.reproduction.ofRun({ runId })).toEqual([one]);

  // What made the later run differ, by likely cause.
  const { causes, metrics } = await api.comparison.runs({ a: runId, b: later });
  expect(causes.slice(0, 4)).toMatchObject([
    {
      part: 'code',
      state: 'differs',
      // The table is in the snapshot too, and is compared as data.
      differences: [{ name: 'train.py', detail: '+1 −1 lines' }],
    },
    { part: 'command', state: 'same' },
    { part: 'params', state: 'differs', differences: [{ name: 'seed', a: '1', b: '2' }] },
    {
      part: 'data',
      state: 'differs',
      differences: [{ name: 'data/x.csv', detail: 'rows: 1 added, 3 removed, 0 changed' }],
    },
  ]);
  const { causes: quick } = await api.comparison.runs({ a: runId, b: later, withRows: false });
  expect(quick[3]).toMatchObject({
    part: 'data',
    differences: [{ name: 'data/x.csv', detail: '1 changed' }],
  });
  expect(causes.slice(4).map(({ state }) => state)).toEqual(['same', 'same', 'same', 'same']);
  expect(metrics).toMatchObject([{ name: 'loss', a: 2, b: 5, isBetter: false }]);
});

test('a program that draws random numbers differs from itself, and a small noise is within tolerance', async () => {
  writeFileSync(join(folder, 'draw.py'), 'import random; print("loss=%r" % random.random())\n');
  writeFileSync(join(folder, 'near.py'), 'import random; print("loss=%r" % (1 + random.random() * 1e-9))\n');
  const drawn = await ran(['python3', 'draw.py']);
  expect(await reproduced(drawn)).toMatchObject({ verdict: 'differs', metrics: [{ state: 'differs' }] });
  const near = await ran(['python3', 'near.py']);
  const first = await reproduced(near);
  expect(first).toMatchObject({ verdict: 'within tolerance', why: 'Close, but not the same: loss.' });
  // Twice the same program: is it deterministic?
  const again = await reproduced(near, { againstRunId: first.runId ?? '' });
  expect(again).toMatchObject({ verdict: 'within tolerance', againstRunId: first.runId });
});

test('a result that differs by luck is judged by the spread of repeats with other seeds, which are kept as runs', async () => {
  writeFileSync(
    join(folder, 'lucky.py'),
    // The time makes it differ from itself; its seed makes much more of a difference.
    'import sys, time; print("loss=%r" % (int(sys.argv[-1]) + time.time() % 100 * 1e-3))\n',
  );
  const runId = await ran(['python3', 'lucky.py', '--seed', '7']);
  expect(await reproduced(runId)).toMatchObject({ verdict: 'differs', repeats: [] });
  const one = await reproduced(runId, { tolerance: { spread: 2 } });
  expect(one).toMatchObject({
    verdict: 'within tolerance',
    metrics: [{ name: 'loss', state: 'within' }],
    repeats: [{ seeds: '--seed 7 → 8' }, { seeds: '--seed 7 → 9' }],
    caveats: [],
  });
  const repeat = await api.tracking.run({ runId: one.repeats[1]!.runId });
  expect(repeat.params).toMatchObject({ seed: '9' });
  expect(Math.round(repeat.metrics['loss']!.last)).toBe(9);
  expect(readdirSync(join(root, 'home', 'scratch'))).toEqual([]);
  // A repeat is no run to compare the user's with.
  const { previous } = await api.comparison.comparable({
    runId: await ran(['python3', 'lucky.py', '--seed', '1']),
  });
  expect(previous?.runId).toBe(runId);
}, 60_000);

test('what cannot be run once more says what is missing, and a failure says how it ended', async () => {
  writeFileSync(
    join(folder, 'ends.sh'),
    `test -e ${join(root, 'gone')} && exit 3\ntouch ${join(root, 'gone')}\necho loss=1\n`,
  );
  const runId = await ran(['sh', 'ends.sh']);
  expect(await reproduced(runId)).toMatchObject({
    verdict: 'could not run',
    why: 'The run ended with exit code 0, its reproduction with exit code 3.',
  });
  const logged = await api.runner.start({ projectId, command: ['sh', '-c', 'sleep 30'] });
  expect(await api.reproduction.readiness({ runId: logged.runId })).toMatchObject({
    canRun: false,
    items: [{ part: 'command', state: 'missing', what: 'The run has not ended yet.' }, {}, {}, {}, {}, {}],
  });
  expect(await reproduced(logged.runId)).toMatchObject({ verdict: 'could not run', runId: null });
  await api.runner.cancel({ runId: logged.runId });
  await expect(api.reproduction.start({ runId: 'f'.repeat(32) })).rejects.toMatchObject({
    code: 'not-found',
  });
});

test('a reproduction is cancelled with everything it started, and one goes on after the engine was closed', async () => {
  writeFileSync(join(folder, 'slow.sh'), 'sleep ${SLOW:-0}\necho loss=1\nsleep 1\n');
  const runId = await ran(['sh', 'slow.sh']);
  const { id } = await api.reproduction.start({ runId });
  while ((await api.reproduction.one({ id })).runId === null) await sleep(20);
  await api.reproduction.cancel({ id });
  const cancelled = await verdictOf(id);
  expect(cancelled).toMatchObject({ verdict: 'could not run', why: 'It was cancelled.' });
  expect((await api.tracking.run({ runId: cancelled.runId ?? '' })).status).toBe('killed');

  const resumed = await api.reproduction.start({ runId });
  while ((await api.reproduction.one({ id: resumed.id })).runId === null) await sleep(20);
  await close();
  await open();
  const judged = await verdictOf(resumed.id);
  expect(judged, JSON.stringify(judged)).toMatchObject({ verdict: 'identical' });
});
