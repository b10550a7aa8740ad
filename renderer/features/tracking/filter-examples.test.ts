import { expect, test } from 'vitest';
import { exampleRun } from './example-run.ts';
import { filterExamples } from './filter-examples.ts';

const texts = (runs: Parameters<typeof filterExamples>[0]) =>
  filterExamples(runs).map((example) => example.text);

test('the grammar is taught with names and values that are there', () => {
  const runs = [
    exampleRun('a', { lr: '0.1', 'two words': 'x' }, { loss: 0.5 }),
    exampleRun('b', { lr: 'a b', 'two words': 'y' }, { loss: 0.25 }),
    exampleRun('c', { lr: '0.3', 'two words': 'z' }, { loss: 0.75 }),
  ];
  expect(texts(runs)).toEqual([
    'run',
    'metrics.loss < 0.5',
    'params.lr = 0.1',
    'duration > 60',
    'status = failed',
    'started > -7d',
    'starred',
  ]);
  expect(texts(runs.slice(1))).toContain('params.lr = "a b"');
});

test('without runs it still says what can be written', () => {
  expect(texts([])).toContain('params.lr = 0.1');
});
