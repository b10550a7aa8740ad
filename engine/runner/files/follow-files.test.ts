import { appendFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BenchtopError } from '../../../contract/index.ts';
import type { Point } from '../../tracking/index.ts';
import { createRunFolder, type RunFolder, runFolder } from '../run-folder.ts';
import { followFiles } from './follow-files.ts';

const runId = '0123456789abcdef0123456789abcdef';
let root: string;
let work: string;
let folder: RunFolder;
let points: Point[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'benchtop-follow-'));
  work = join(root, 'work');
  mkdirSync(work);
  folder = runFolder(root, runId);
  createRunFolder(folder);
  points = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, text: string) => {
  mkdirSync(join(work, path, '..'), { recursive: true });
  writeFileSync(join(work, path), text);
};

/** One engine's life: follows, lets something happen, stops. */
async function followed(
  happens: () => void,
  options: { startedAt?: number; fails?: boolean; fullFor?: number } = {},
) {
  let full = options.fullFor ?? 0;
  const following = followFiles({
    runId,
    folder,
    workingFolder: work,
    startedAt: options.startedAt ?? Date.now() - 10_000,
    recorder: {
      async logPoints(_, more) {
        points.push(...more);
        if (full-- > 0) throw new BenchtopError({ code: 'disk-full', what: 'The disk is full.' });
        if (options.fails === true) throw new Error('killed here');
      },
    },
    leaving: new AbortController().signal,
    onError: (error) => {
      if (options.fails !== true) throw error;
    },
  });
  happens();
  await following.stop();
}
const told = () => points.map(({ key, step, value }) => `${key} ${step} ${value}`);

test('a log that grows is told row by row, half a row when it is whole', async () => {
  await followed(() => write('run/metrics.csv', 'epoch,loss\n0,1\n1,0.'));
  expect(told()).toEqual(['loss 0 1']);
  await followed(() => appendFileSync(join(work, 'run/metrics.csv'), '5\n2,0.25\n'));
  expect(told()).toEqual(['loss 0 1', 'loss 1 0.5', 'loss 2 0.25']);
});

test('what earlier runs have written is not this run’s; what is appended is', async () => {
  write('metrics.csv', 'epoch,loss\n0,1\n1,0.5\n');
  utimesSync(join(work, 'metrics.csv'), 1000, 1000);
  await followed(() => undefined, { startedAt: Date.now() });
  expect(told()).toEqual([]);
  await followed(() => appendFileSync(join(work, 'metrics.csv'), '2,0.25\n'));
  expect(told()).toEqual(['loss 2 0.25']);
});

test('a log of an earlier run that is begun anew is this run’s from its first row', async () => {
  write('metrics.csv', 'epoch,loss\n0,1\n1,0.5\n');
  utimesSync(join(work, 'metrics.csv'), 1000, 1000);
  await followed(() => undefined, { startedAt: Date.now() });
  await followed(() => write('metrics.csv', 'epoch,loss\n0,3\n'));
  await followed(() => appendFileSync(join(work, 'metrics.csv'), '1,2\n'));
  expect(told()).toEqual(['loss 0 3', 'loss 1 2']);
});

test('a log that is written anew with one more row each time tells each row once', async () => {
  const rows = ['0,1', '1,0.5', '2,0.25'];
  for (const count of [1, 2, 3])
    await followed(() =>
      write('log.csv', `epoch,loss${count > 1 ? ',acc' : ''}\n${rows.slice(0, count).join('\n')}\n`),
    );
  expect(told()).toEqual(['loss 0 1', 'loss 1 0.5', 'loss 2 0.25']);
});

test('an engine that dies while it stores tells the very same points again', async () => {
  await followed(() => write('metrics.csv', 'epoch,loss\n0,1\n'), { fails: true });
  const before = points.splice(0);
  await followed(() => appendFileSync(join(work, 'metrics.csv'), '1,0.5\n'));
  expect(points[0]).toEqual(before[0]);
  expect(told()).toEqual(['loss 0 1', 'loss 1 0.5']);
});

test('a full disk is waited for, and what is stored then is what was to be stored', async () => {
  await followed(() => write('metrics.csv', 'epoch,loss\n0,1\n'), { fullFor: 2 });
  await followed(() => appendFileSync(join(work, 'metrics.csv'), '1,0.5\n'));
  expect(points[1]).toEqual(points[0]);
  expect(points[2]).toEqual(points[0]);
  expect(told().slice(3)).toEqual(['loss 1 0.5']);
});

test('each checkpoint of a trainer continues the one before', async () => {
  const state = (...losses: number[]) =>
    JSON.stringify({ log_history: losses.map((loss, at) => ({ step: at + 1, loss })) });
  await followed(() => write('out/checkpoint-500/trainer_state.json', state(3, 2)));
  await followed(() => write('out/checkpoint-1000/trainer_state.json', state(3, 2, 1)));
  expect(told()).toEqual(['loss 1 3', 'loss 2 2', 'loss 3 1']);
});

test('files with the same names are told apart by their folders, splits always', async () => {
  await followed(() => {
    write('fold_1/log.csv', 'step,loss\n1,5\n');
    write('fold_2/log.csv', 'step,loss\n1,6\n');
    write('tb/train/log.csv', 'step,gain\n1,7\n');
    write('data/flights.csv', 'carrier,delay\nUA,3\n');
  });
  expect(told()).toEqual(['loss 1 5', 'fold_2/loss 1 6', 'train/gain 1 7']);
});
