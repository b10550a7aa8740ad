import { expect, test } from 'vitest';
import { exampleRun } from './example-run.ts';
import { ruledMeasure } from './ruled-measure.ts';

const summary = { last: 1, lastStep: 1, min: 1, max: 1, count: 1, isGuessed: true };
const run = (
  projectId: string | null,
  metrics: Record<string, Partial<typeof summary> & { readName?: string }>,
) => ({
  ...exampleRun('a'),
  projectId,
  metrics: Object.fromEntries(
    Object.entries(metrics).map(([key, change]) => [key, { ...summary, ...change }]),
  ),
});

test('what was read goes by the name it was read under', () => {
  expect(ruledMeasure([run('p', { loss: {} })], 'loss')).toEqual({
    projectId: 'p',
    name: 'loss',
    shownName: 'loss',
  });
  expect(ruledMeasure([run('p', { cost: { readName: 'loss' } }), run('p', {})], 'cost')).toEqual({
    projectId: 'p',
    name: 'loss',
    shownName: 'cost',
  });
});

test('there is no rule for what was told, outside of projects, and for two measures under one name', () => {
  expect(ruledMeasure([run('p', { loss: { isGuessed: false } })], 'loss')).toBeNull();
  expect(ruledMeasure([run(null, { loss: {} })], 'loss')).toBeNull();
  expect(ruledMeasure([run('p', { loss: {} }), run('p', { loss: { readName: 'l' } })], 'loss')).toBeNull();
  expect(ruledMeasure([run('p', {})], 'loss')).toBeNull();
});
