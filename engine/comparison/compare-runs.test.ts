import { expect, test } from 'vitest';
import { fixtureMetric, fixtureRun } from '../../contract/fixture-run.ts';
import { compareRuns } from './compare-runs.ts';

const nothing = { differences: [], why: null };
const rooms = { code: nothing, data: { differences: null, why: 'not read' } };

test('parts come in the order of likely causes, and what is not recorded is not called the same', () => {
  const a = fixtureRun({
    id: 'a',
    command: ['python3', 'train.py', '--lr', '0.10', '--seed', '1'],
    params: { lr: '0.10', seed: '1', only: 'x' },
    metrics: { 'val/loss': fixtureMetric(0.5), steps: fixtureMetric(3), 'system/cpu': fixtureMetric(1) },
  });
  const b = fixtureRun({
    id: 'b',
    command: ['/usr/bin/python3', 'train.py', '--lr', '0.1', '--seed', '2'],
    params: { lr: '0.1', seed: '2' },
    metrics: { 'val/loss': fixtureMetric(0.4), steps: fixtureMetric(3) },
  });
  const { causes, metrics } = compareRuns(
    { run: a, environment: null },
    { run: b, environment: null },
    rooms,
  );
  expect(causes.map(({ part, state }) => [part, state])).toEqual([
    ['code', 'same'],
    ['command', 'same'],
    ['params', 'differs'],
    ['data', 'unknown'],
    ['packages', 'unknown'],
    ['interpreter', 'unknown'],
    ['variables', 'unknown'],
    ['machine', 'unknown'],
  ]);
  // 0.10 and 0.1 are one number.
  expect(causes[2]?.differences).toEqual([
    { name: 'only', a: 'x', b: null, detail: null },
    { name: 'seed', a: '1', b: '2', detail: null },
  ]);
  expect(metrics).toEqual([
    { name: 'val/loss', a: 0.5, b: 0.4, isBetter: true },
    { name: 'steps', a: 3, b: 3, isBetter: null },
  ]);
});

test('another program or another plain argument is a difference of the command', () => {
  const commandOf = (...command: string[]) => ({ run: fixtureRun({ command }), environment: null });
  const command = (a: string[], b: string[]) =>
    compareRuns(commandOf(...a), commandOf(...b), rooms).causes.find(({ part }) => part === 'command');
  expect(command(['python', 'fit.py', 'mar.csv'], ['python', 'fit.py', 'apr.csv'])?.differences).toEqual([
    { name: 'command', a: 'python fit.py mar.csv', b: 'python fit.py apr.csv', detail: null },
  ]);
  expect(command([], ['python', 'fit.py'])?.state).toBe('unknown');
});

test('NaN in both is no difference, NaN in one is, and neither is better', () => {
  const of = (value: number) => ({
    run: fixtureRun({ metrics: { loss: fixtureMetric(value) } }),
    environment: null,
  });
  expect(compareRuns(of(Number.NaN), of(Number.NaN), rooms).metrics).toEqual([
    { name: 'loss', a: Number.NaN, b: Number.NaN, isBetter: null },
  ]);
  expect(compareRuns(of(1), of(Number.NaN), rooms).metrics).toMatchObject([{ isBetter: null }]);
});
