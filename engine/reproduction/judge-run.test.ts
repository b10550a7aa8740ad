import { expect, test } from 'vitest';
import { defaultTolerance, type Run } from '../../contract/index.ts';
import { fixtureMetric, fixtureRun } from '../../contract/fixture-run.ts';
import { judgeRun } from './judge-run.ts';

const tolerance = { all: defaultTolerance, metrics: {}, spread: null };
const result = (
  metrics: Readonly<Record<string, number>>,
  files: Readonly<Record<string, string>> = {},
  more: Partial<Run> = {},
) => ({
  run: fixtureRun({
    exitCode: 0,
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, fixtureMetric(value)])),
    ...more,
  }),
  outputs: Object.entries(files).map(([path, content]) => ({
    path,
    objectId: content,
    sizeBytes: content.length,
  })),
});
const judge = (a: ReturnType<typeof result>, b: ReturnType<typeof result>, by = tolerance) =>
  judgeRun(a, b, by, async ({ objectId }) => new TextEncoder().encode(objectId));

test('the same values and bytes are identical; time is nobody’s result', async () => {
  const a = result({ loss: 0.1, train_time: 3, 'system/cpu': 1 }, { 'm.json': '{"auc": 1}' });
  const b = result({ loss: 0.1, train_time: 4, 'system/cpu': 9 }, { 'm.json': '{"auc": 1}' });
  expect(await judge(a, b)).toMatchObject({
    verdict: 'identical',
    why: '1 metric and 1 file are the same.',
    metrics: [
      { name: 'loss', state: 'equal' },
      { name: 'train_time', state: 'not judged' },
    ],
  });
});

test('close values are within tolerance, of each metric its own', async () => {
  const [a, b] = [result({ loss: 0.1, auc: 0.5 }), result({ loss: 0.1000001, auc: 0.51 })];
  expect((await judge(a, b)).verdict).toBe('differs');
  const wide = { ...tolerance, metrics: { auc: { absolute: 0.02, relative: 0 } } };
  expect(await judge(a, b, wide)).toMatchObject({
    verdict: 'within tolerance',
    why: 'Close, but not the same: auc, loss.',
  });
});

test('a metric or a file that is missing differs; other bytes without numbers are named, and not judged', async () => {
  expect((await judge(result({ loss: 1 }), result({}))).verdict).toBe('differs');
  expect((await judge(result({ loss: 1 }, { 'm.bin': 'x' }), result({ loss: 1 }))).verdict).toBe('differs');
  const pickled = await judge(result({ loss: 1 }, { 'm.pkl': 'x' }), result({ loss: 1 }, { 'm.pkl': 'y' }));
  expect(pickled).toMatchObject({ verdict: 'within tolerance', outputs: [{ state: 'other bytes' }] });
  expect(pickled.why).toContain('m.pkl');
  expect((await judge(result({}, { 'm.pkl': 'x' }), result({}, { 'm.pkl': 'y' }))).verdict).toBe('differs');
});

test('another end is no reproduction, and nothing to compare is no verdict', async () => {
  const failed = result({ loss: 1 }, {}, { status: 'failed', exitCode: 1, ending: 'exit code 1' });
  expect(await judge(result({ loss: 1 }), failed)).toMatchObject({
    verdict: 'could not run',
    why: 'The run ended with exit code 0, its reproduction with exit code 1.',
  });
  expect((await judge(failed, failed)).verdict).toBe('identical');
  expect((await judge(result({}), result({}))).verdict).toBe('could not run');
});

test('the same last value after another number of points is a difference, and told', async () => {
  const [a, b] = [result({}), result({})];
  Object.assign(a.run.metrics, { loss: fixtureMetric(1, { count: 10 }) });
  Object.assign(b.run.metrics, { loss: fixtureMetric(1, { count: 9 }) });
  expect(await judge(a, b)).toMatchObject({
    verdict: 'differs',
    metrics: [{ name: 'loss', state: 'differs', why: '10 points then, 9 now' }],
  });
});

test('what is no farther from the run than its repeats with other seeds is within, numbers in files too', async () => {
  const a = result({ loss: 1, auc: 0.5 }, { 'm.json': '{"w": 1}' });
  const repeats = [
    result({ loss: 1.1, auc: 0.5 }, { 'm.json': '{"w": 1.2}' }),
    result({ loss: 0.8, auc: Number.NaN }, { 'm.json': '{"v": 9}' }),
  ];
  const by = async (b: ReturnType<typeof result>, some = repeats, own = tolerance) =>
    judgeRun(a, b, own, async ({ objectId }) => new TextEncoder().encode(objectId), some);
  expect(await by(result({ loss: 1.15, auc: 0.5 }, { 'm.json': '{"w": 0.85}' }))).toMatchObject({
    verdict: 'within tolerance',
    metrics: [{ state: 'equal' }, { state: 'within', why: '2 repeats came as far as 0.2' }],
    outputs: [{ state: 'within', detail: 'greatest difference 0.15; 2 repeats came as far as 0.2' }],
  });
  expect(await by(result({ loss: 1.3, auc: 0.5 }, { 'm.json': '{"w": 1.3}' }))).toMatchObject({
    verdict: 'differs',
    metrics: [{ state: 'equal' }, { state: 'differs' }],
    outputs: [{ state: 'differs' }],
  });
  // A metric's own tolerance goes before, and without a repeat that has the metric the general one holds.
  const strict = { ...tolerance, metrics: { loss: { absolute: 0.01, relative: 0 } } };
  expect(await by(result({ loss: 1.15, auc: 0.5 }, { 'm.json': '{"w": 1}' }), repeats, strict)).toMatchObject(
    {
      metrics: [{ state: 'equal' }, { state: 'differs', why: null }],
    },
  );
  expect(await by(result({ loss: 1.15, auc: 0.5 }), [])).toMatchObject({
    metrics: [{}, { state: 'differs' }],
  });
});
