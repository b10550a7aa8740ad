import { expect, test } from 'vitest';
import { compareRuns } from './compare-runs.ts';
import { exampleRun } from './example-run.ts';

const runs = [
  exampleRun('a', { lr: '0.1', seed: '1' }, { loss: 0.5, auc: 0.7, rows: 100 }),
  exampleRun('b', { lr: '0.2', seed: '1', only: 'b' }, { loss: 0.4, auc: Number.NaN, rows: 100 }),
  exampleRun('c', { lr: '0.1', seed: '1' }, { loss: 0.6, auc: 0.8 }),
];
const row = (section: string, name: string) =>
  compareRuns(runs)
    .find((each) => each.name === section)
    ?.rows.find((each) => each.name === name);

test('params differ where one run has another value or none', () => {
  expect(row('Params', 'seed')?.differs).toBe(false);
  expect(row('Params', 'lr')?.cells.map((cell) => cell.isSame)).toEqual([true, false, true]);
  expect(row('Params', 'only')).toMatchObject({ differs: true });
  expect(row('Params', 'only')?.cells.map((cell) => cell.text)).toEqual([null, 'b', null]);
});

test('metrics are told against the first run, with better and best where the name says which way', () => {
  const loss = row('Metrics, last value', 'loss');
  expect(loss?.cells.map((cell) => cell.delta)).toEqual([null, '−0.1000', '+0.1000']);
  expect(loss?.cells.map((cell) => cell.isBetter)).toEqual([null, true, false]);
  expect(loss?.cells.map((cell) => cell.isBest)).toEqual([false, true, false]);
});

test('NaN is no difference to count and never the best; an absent value is a difference', () => {
  const auc = row('Metrics, last value', 'auc');
  expect(auc?.cells.map((cell) => cell.delta)).toEqual([null, null, '+0.1000']);
  expect(auc?.cells.map((cell) => cell.isBest)).toEqual([false, false, true]);
  expect(row('Metrics, last value', 'rows')).toMatchObject({ differs: true });
});
