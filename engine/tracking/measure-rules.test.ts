import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome, type OpenHome } from '../fixture-home.ts';
import { createTracking, type Tracking } from './index.ts';

let folder: string;
let at: OpenHome;
let tracking: Tracking;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-rules-'));
  at = await openHome(folder);
  tracking = createTracking(at.store, Date.now);
});
afterEach(async () => {
  await at.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = { signal: new AbortController().signal };
const newRun = async (projectId = 'p') =>
  (
    await tracking.createRun({
      projectId,
      status: 'running',
      command: [],
      workingFolder: null,
      source: 'runner',
      createdAt: 1,
      startedAt: 1,
    })
  ).id;
const log = (
  runId: string,
  key: string,
  step: number,
  value: number,
  origin: 'console' | 'file' | 'told' = 'console',
) => tracking.logPoints(runId, [{ key, step, timeMs: 1000 + step, value }], { origin });
const metricsOf = (runId: string) =>
  Object.fromEntries(
    Object.entries(tracking.run(runId).metrics).map(([key, { last, count }]) => [key, [count, last]]),
  );
const setRule = (name: string, shownName: string | null) =>
  tracking.handlers.setMeasureRule({ projectId: 'p', name, shownName }, call);
const removeRule = async (name: string) =>
  tracking.handlers.removeMeasureRule({ projectId: 'p', name }, call);

test('a rule renames in the runs that there are and in what comes, in its own project, and can be taken away', async () => {
  const before = await newRun();
  const elsewhere = await newRun('q');
  await log(before, 'acc', 1, 0.5);
  await log(elsewhere, 'acc', 1, 0.5);
  await setRule('acc', 'accuracy');
  await log(before, 'acc', 2, 0.6);
  const after = await newRun();
  await log(after, 'acc', 1, 0.7);
  expect(metricsOf(before)).toEqual({ accuracy: [2, 0.6] });
  expect(tracking.run(before).metrics['accuracy']).toMatchObject({ readName: 'acc', isGuessed: true });
  expect(metricsOf(after)).toEqual({ accuracy: [1, 0.7] });
  expect(metricsOf(elsewhere)).toEqual({ acc: [1, 0.5] });
  expect(await tracking.handlers.measureRules({ projectId: 'p' }, call)).toEqual([
    { name: 'acc', shownName: 'accuracy' },
  ]);
  // Another name in its place goes by the name that was read.
  await setRule('acc', 'top1');
  expect(metricsOf(before)).toEqual({ top1: [2, 0.6] });
  await removeRule('acc');
  await log(after, 'acc', 2, 0.8);
  expect(metricsOf(before)).toEqual({ acc: [2, 0.6] });
  expect(metricsOf(after)).toEqual({ acc: [2, 0.8] });
  await expect(removeRule('acc')).rejects.toMatchObject({ code: 'not-found' });
});

test('what is ignored is nowhere to be seen, is still stored, and comes back with every point', async () => {
  const runId = await newRun();
  await log(runId, 'loss', 1, 1);
  await log(runId, 'port', 1, 8080);
  await setRule('port', null);
  await log(runId, 'port', 2, 8081);
  const later = await newRun();
  await log(later, 'port', 1, 1);
  expect(metricsOf(runId)).toEqual({ loss: [1, 1] });
  expect(metricsOf(later)).toEqual({});
  const drawn = async () => {
    const views = await tracking.handlers.series({ runIds: [runId], axis: 'step', points: 100 }, call);
    return views.map(({ key, values }) => [key, ...values]);
  };
  expect(await drawn()).toEqual([['loss', 1]]);
  const elsewhere = await newRun('q');
  await log(elsewhere, 'port', 1, 5);
  const found = async (text: string, order = 'created') => {
    const { runs } = await tracking.handlers.searchRuns(
      {
        text,
        order: [{ by: order, descending: true }],
        deleted: false,
        evidence: false,
        limit: 10,
        offset: 0,
      },
      call,
    );
    return runs.map(({ id }) => id);
  };
  // Nor does a filter or an order see it; where nobody ignores it, it is found as ever.
  expect(await found('metrics.port > 0')).toEqual([elsewhere]);
  expect((await found('', 'metrics.port'))[0]).toBe(elsewhere);
  await removeRule('port');
  expect((await found('metrics.port > 0')).toSorted()).toEqual([runId, later, elsewhere].toSorted());
  expect((await found('', 'metrics.port'))[0]).toBe(runId);
  expect(metricsOf(later)).toEqual({ port: [1, 1] });
  expect(await drawn()).toEqual([
    ['loss', 1],
    ['port', 8080, 8081],
  ]);
});

test('two measures never become one curve: a name that is taken stays with its owner', async () => {
  const before = await newRun();
  await log(before, 'acc', 1, 0.1);
  await log(before, 'accuracy', 1, 0.9);
  await setRule('acc', 'accuracy');
  expect(metricsOf(before)).toEqual({ acc: [1, 0.1], accuracy: [1, 0.9] });
  const after = await newRun();
  await log(after, 'accuracy', 1, 0.9);
  await log(after, 'acc', 1, 0.1);
  expect(metricsOf(after)).toEqual({ acc: [1, 0.1], accuracy: [1, 0.9] });
  const swapped = await newRun();
  await log(swapped, 'acc', 1, 0.1);
  await log(swapped, 'accuracy', 1, 0.9);
  await log(swapped, 'acc', 2, 0.2);
  expect(metricsOf(swapped)).toEqual({ accuracy: [2, 0.2], 'console/accuracy': [1, 0.9] });
});

test('a rule is about what is read: what the program tells keeps its name, and a second reader its own', async () => {
  await setRule('loss', 'cost');
  const runId = await newRun();
  await log(runId, 'loss', 1, 3);
  await log(runId, 'loss', 1, 2, 'file');
  await log(runId, 'loss', 1, 1, 'told');
  expect(metricsOf(runId)).toEqual({ cost: [1, 3], 'file/loss': [1, 2], loss: [1, 1] });
  await setRule('loss', 'loss');
  expect(await tracking.handlers.measureRules({ projectId: 'p' }, call)).toEqual([]);
});
