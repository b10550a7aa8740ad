import { expect, test } from 'vitest';
import { differingKeys, equalKeys } from './differing-keys.ts';
import { exampleRun } from './example-run.ts';
import { chooseColumns, withoutIgnored } from './run-columns.ts';

const runs = [
  exampleRun('a', { lr: '0.1', seed: '1', depth: '3', batch: '32' }, { loss: 0.5, auc: 0.7, rows: 100 }),
  exampleRun('b', { lr: '0.2', seed: '1', depth: '3', batch: '64' }, { loss: 0.4, auc: 0.7, rows: 100 }),
  exampleRun('c', { lr: '0.3', seed: '1', batch: '64' }, { loss: 0.3, auc: 0.8, rows: 100 }),
];
const ids = (choice: ReturnType<typeof chooseColumns>) => choice.columns.map((column) => column.id);

test('what varies most comes first, absence is a difference, what is equal is told apart', () => {
  expect(differingKeys(runs, 'params')).toEqual(['lr', 'batch', 'depth']);
  expect(equalKeys(runs, 'params')).toEqual(['seed']);
  expect(differingKeys(runs, 'metrics')).toEqual(['loss', 'auc']);
});

test('NaN is equal to NaN, so a metric that is NaN everywhere does not differ', () => {
  expect(
    equalKeys(
      [exampleRun('a', {}, { loss: Number.NaN }), exampleRun('b', {}, { loss: Number.NaN })],
      'metrics',
    ),
  ).toEqual(['loss']);
});

test('left alone the table shows what differs, and tells what it hides', () => {
  const choice = chooseColumns(runs, null, true);
  expect(ids(choice)).toEqual([
    'name',
    'status',
    'created',
    'duration',
    'trend.loss',
    'metrics.loss',
    'metrics.auc',
    'params.lr',
    'params.batch',
    'params.depth',
  ]);
  expect(choice.hiddenEqual).toEqual(['metrics.rows', 'params.seed']);
});

test('what runs used of the machine is a column only when it is chosen', () => {
  const used = runs.map((run, at) => exampleRun(run.id, run.params, { loss: at, 'system/cpu_cores': at }));
  expect(differingKeys(used, 'metrics')).toEqual(['loss']);
  expect(ids(chooseColumns(used, null, false)).filter((id) => id.includes('system'))).toEqual([]);
  expect(ids(chooseColumns(used, ['metrics.system/cpu_cores'], true))).toEqual([
    'name',
    'metrics.system/cpu_cores',
  ]);
});

test('all of it is shown on one click', () => {
  const choice = chooseColumns(runs, null, false);
  expect(ids(choice)).toContain('params.seed');
  expect(choice.hiddenEqual).toEqual([]);
});

test('a choice is kept, equal columns in it are hidden, unknown ids are dropped, one run hides nothing', () => {
  expect(ids(chooseColumns(runs, ['status', 'params.seed', 'metrics.auc', 'nonsense'], true))).toEqual([
    'name',
    'status',
    'metrics.auc',
  ]);
  expect(ids(chooseColumns(runs.slice(0, 1), ['params.seed'], true))).toEqual(['name', 'params.seed']);
});

test('a column of a metric that is ignored by now goes, one of a param of the same name stays', () => {
  const chosen = ['metrics.port', 'best.port', 'params.port', 'metrics.loss', 'trend.port'];
  expect(withoutIgnored(chosen, [{ name: 'port', shownName: null }])).toEqual([
    'params.port',
    'metrics.loss',
  ]);
  expect(withoutIgnored(chosen, [{ name: 'port', shownName: 'gate' }])).toBe(chosen);
  expect(withoutIgnored(null, [{ name: 'port', shownName: null }])).toBeNull();
});
