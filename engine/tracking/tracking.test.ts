import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runSearch, type Run } from '../../contract/index.ts';
import { openHome, type OpenHome } from '../fixture-home.ts';
import { createTracking, type Tracking } from './index.ts';

let folder: string;
let at: OpenHome;
let tracking: Tracking;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-tracking-'));
  at = await openHome(folder);
  tracking = createTracking(at.store, Date.now);
});
afterEach(async () => {
  await at.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = { signal: new AbortController().signal };
const newRun = async (input: Partial<Parameters<Tracking['createRun']>[0]> = {}): Promise<Run> => {
  const { id } = await tracking.createRun({
    projectId: null,
    status: 'running',
    command: [],
    workingFolder: null,
    source: 'runner',
    createdAt: 1,
    startedAt: 1,
    ...input,
  });
  return tracking.run(id);
};
const search = async (input: Parameters<typeof runSearch.parse>[0]) =>
  tracking.handlers.searchRuns(runSearch.parse(input), call);
const names = async (input: Parameters<typeof search>[0]) =>
  (await search(input)).runs.map((run) => run.name);

describe('series', () => {
  test('the last value is the greatest (step, time, value), whatever the order of arrival', async () => {
    const { id } = await newRun();
    const log = (step: number, timeMs: number, value: number) =>
      tracking.logPoints(id, [{ key: 'loss', step, timeMs, value }], { origin: 'told' });
    await log(5, 100, 0.5);
    await log(3, 200, 0.9);
    expect(tracking.run(id).metrics['loss']).toMatchObject({
      last: 0.5,
      lastStep: 5,
      min: 0.5,
      max: 0.9,
      count: 2,
    });
    await log(5, 100, 0.7);
    expect(tracking.run(id).metrics['loss']).toMatchObject({ last: 0.7, count: 3 });
  });

  test('a point sent twice is stored once', async () => {
    const { id } = await newRun();
    const points = [1, 2, 3].map((step) => ({ key: 'loss', step, timeMs: 1000 + step, value: 1 / step }));
    await tracking.logPoints(id, points, { origin: 'told' });
    await tracking.logPoints(id, points, { origin: 'told' });
    expect(tracking.run(id).metrics['loss']?.count).toBe(3);
  });

  test('NaN and infinities come back as they went in, and stay out of the bounds', async () => {
    const { id } = await newRun();
    const values = [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -2];
    await tracking.logPoints(
      id,
      values.map((value, step) => ({ key: 'odd', step, timeMs: step, value })),
      { origin: 'console' },
    );
    expect(tracking.run(id).metrics['odd']).toEqual({
      last: -2,
      lastStep: 4,
      min: -2,
      max: 1,
      count: 5,
      isGuessed: true,
    });
    const [view] = await tracking.handlers.series({ runIds: [id], axis: 'step', points: 100 }, call);
    expect([...view!.values]).toEqual(values);
  });

  test('a name that is part of JavaScript’s own machinery is a name like any other', async () => {
    const { id } = await newRun({
      params: JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>,
    });
    await tracking.logPoints(id, [{ key: '__proto__', step: 0, timeMs: 0, value: 1 }], { origin: 'told' });
    const run = tracking.run(id);
    expect(Object.entries(run.params)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(Object.keys(run.metrics)).toEqual(['__proto__']);
  });

  test('growth tells the new points only', async () => {
    const { id } = await newRun();
    const abort = new AbortController();
    const events = tracking.handlers
      .growth({}, { signal: abort.signal, after: undefined })
      [Symbol.asyncIterator]();
    const next = events.next();
    await tracking.logPoints(id, [{ key: 'loss', step: 1, timeMs: 1, value: 0.5 }], { origin: 'told' });
    const { value } = await next;
    expect(value.event).toMatchObject({ kind: 'points', series: [{ runId: id, key: 'loss' }] });
    abort.abort();
  });
});

describe('params', () => {
  test('the first value stays and a differing one is reported', async () => {
    const { id } = await newRun({ params: { lr: '0.1' } });
    expect(await tracking.logParams(id, { lr: '0.1', depth: '3' })).toEqual([]);
    expect(await tracking.logParams(id, { lr: '0.2' })).toEqual(['lr']);
    expect(tracking.run(id).params).toEqual({ depth: '3', lr: '0.1' });
  });
});

test('what is told and printed stands in two series, and what is told has the name', async () => {
  const { id } = await newRun({ name: 'both' });
  const log = (key: string, step: number, origin: 'told' | 'console' | 'file') =>
    tracking.logPoints(id, [{ key, step, timeMs: step, value: step }], { origin });
  await log('loss', 1, 'console');
  await log('loss', 2, 'file');
  await log('loss', 3, 'told');
  await log('loss', 4, 'console');
  await log('loss', 5, 'told');
  await log('acc', 6, 'file');
  const { metrics } = tracking.run(id);
  const told = Object.entries(metrics).map(
    ([name, { count, lastStep, isGuessed }]) => `${name} ${count} ${lastStep} ${isGuessed}`,
  );
  expect(new Set(told)).toEqual(
    new Set(['acc 1 6 true', 'console/loss 2 4 true', 'file/loss 1 2 true', 'loss 2 5 false']),
  );
});

describe('search', () => {
  beforeEach(async () => {
    for (const [index, name] of ['alpha', 'beta', 'gamma', 'delta'].entries()) {
      const { id } = await newRun({
        name,
        createdAt: index,
        params: { lr: String(index / 10), kind: index % 2 ? 'odd one' : 'even' },
      });
      if (name !== 'delta')
        await tracking.logPoints(
          id,
          [{ key: 'val/loss', step: 0, timeMs: 0, value: [0.5, Number.NaN, 0.1][index]! }],
          { origin: 'told' },
        );
      if (name === 'beta')
        await tracking.updateRun(id, { isStarred: true, status: 'failed', note: 'diverged at 100 %' });
    }
  });

  test.each([
    ['', ['delta', 'gamma', 'beta', 'alpha']],
    ['bet', ['beta']],
    ['"bet"', []],
    ['100 %', ['beta']],
    ['starred', ['beta']],
    ['status = failed', ['beta']],
    ['params.lr > 0.1', ['delta', 'gamma']],
    ['params.lr>=0.1 params.lr<0.3', ['gamma', 'beta']],
    ['params.kind = "odd one"', ['delta', 'beta']],
    ['params.kind ~ odd', ['delta', 'beta']],
    ['metrics.val/loss < 0.4', ['gamma']],
    ['name != alpha', ['delta', 'gamma', 'beta']],
    ["'; DROP TABLE run; --", []],
  ])('%s', async (text, expected) => {
    expect(await names({ text })).toEqual(expected);
  });

  test('what is not understood is said with the term', async () => {
    await expect(search({ text: 'colour = red' })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('colour'),
      at: { offset: 0, length: 6 },
    });
    await expect(search({ text: 'metrics.loss < soon' })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('soon'),
      at: { offset: 15, length: 4 },
    });
    await expect(search({ order: [{ by: 'shoe size', descending: false }] })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  test.each([
    'created',
    'name',
    'metrics.val/loss',
    'min.val/loss',
    'max.val/loss',
    'params.lr',
    'params.kind',
    'starred',
    'duration',
  ])('pages of one by %s follow each other without gap or repetition', async (by) => {
    for (const descending of [true, false]) {
      const whole = await names({ order: [{ by, descending }] });
      const paged: string[] = [];
      for (let after: string | undefined; ;) {
        const page = await search({
          order: [{ by, descending }],
          limit: 1,
          ...(after === undefined ? {} : { after }),
        });
        paged.push(...page.runs.map((run) => run.name));
        if (page.next === null || page.runs.length === 0) break;
        after = page.next;
      }
      expect(paged).toEqual(whole);
      expect(await names({ order: [{ by, descending }], offset: 2, limit: 1 })).toEqual([whole[2]]);
      expect(paged.toSorted()).toEqual(['alpha', 'beta', 'delta', 'gamma']);
    }
  });

  test('a metric orders by its least and its greatest value, too', async () => {
    const { id } = await newRun({ name: 'spiky' });
    const log = (step: number, value: number) =>
      tracking.logPoints(id, [{ key: 'val/loss', step, timeMs: step, value }], { origin: 'told' });
    await log(1, -100);
    await log(2, 100);
    await log(3, 0.55);
    expect((await names({ order: [{ by: 'min.val/loss', descending: false }] }))[0]).toBe('spiky');
    expect((await names({ order: [{ by: 'max.val/loss', descending: true }] }))[0]).toBe('spiky');
  });

  test('runs without the metric come last in either direction', async () => {
    expect((await names({ order: [{ by: 'metrics.val/loss', descending: true }] })).slice(0, 2)).toEqual([
      'alpha',
      'gamma',
    ]);
    expect((await names({ order: [{ by: 'metrics.val/loss', descending: false }] })).slice(0, 2)).toEqual([
      'gamma',
      'alpha',
    ]);
  });

  test('the bin holds what was deleted, and gives it back', async () => {
    const [{ id } = { id: '' }] = (await search({ text: 'alpha' })).runs;
    await tracking.handlers.deleteRuns({ runIds: [id] }, call);
    expect(await names({})).not.toContain('alpha');
    expect(await names({ deleted: true })).toEqual(['alpha']);
    await tracking.handlers.restoreRuns({ runIds: [id] }, call);
    expect(await names({ deleted: true })).toEqual([]);
  });
});

test('artifacts are listed folder by folder', async () => {
  const { id } = await newRun();
  const objectId = 'a'.repeat(64);
  for (const path of ['model.json', 'plots/roc.svg', 'plots/deep/pr.svg', '../../etc/passwd'])
    await tracking.addArtifact(id, { path, objectId, sizeBytes: 10 });
  const list = async (folder: string) =>
    (await tracking.handlers.artifacts({ runId: id, folder }, call)).map(({ path, isFolder, sizeBytes }) => [
      path,
      isFolder,
      sizeBytes,
    ]);
  expect(await list('')).toEqual([
    ['..', true, 10],
    ['plots', true, 20],
    ['model.json', false, 10],
  ]);
  expect(await list('plots')).toEqual([
    ['plots/deep', true, 10],
    ['plots/roc.svg', false, 10],
  ]);
});
