import { expect, test } from 'vitest';
import { BenchtopError, monitorSettings, type ModelImportance, type Monitor } from '../../contract/index.ts';
import type { Gates } from '../gates/index.ts';
import { watchedImportance } from './watched-importance.ts';

type ImportanceOf = Gates['importanceOf'];

const told: ModelImportance = {
  model: 'late',
  version: 3,
  measure: 'numbers',
  rowCount: 10,
  table: 'train.csv',
  runId: 'r',
  at: 5,
  columns: [{ name: 'fare', importance: 0.5 }],
};
const settings = monitorSettings.parse({
  name: 'm',
  model: 'late@champion',
  reference: { kind: 'file', path: 'train.csv', before: '2013-04-01' },
  source: { path: 'live.csv', chunks: { by: 'time', column: 'day', every: 'month' } },
});
const never: ImportanceOf = () => Promise.reject(new Error('It was asked.'));
const { signal } = new AbortController();
const lastRun = (facts: Partial<NonNullable<Monitor['lastRun']>>): Monitor['lastRun'] => ({
  at: 1,
  elapsedMs: 1,
  judgedCount: 1,
  problem: null,
  importance: null,
  importanceProblem: null,
  ...facts,
});

test('the model is asked about the rows of the reference, and what was told stays while nothing is judged', async () => {
  const asked: unknown[] = [];
  const found = await watchedImportance(
    (...question) => {
      asked.push(question.slice(0, 2));
      return Promise.resolve(told);
    },
    { settings, lastRun: null },
    '/project',
    2,
    signal,
  );
  expect(found).toEqual({ importance: told, importanceProblem: null });
  expect(asked).toEqual([
    [
      'late@champion',
      { table: '/project/train.csv', part: { column: 'day', from: null, before: '2013-04-01' } },
    ],
  ]);
  const kept = { settings, lastRun: lastRun({ importance: told }) };
  expect(await watchedImportance(never, kept, '/project', 0, signal)).toEqual(found);
  const without = { settings: { ...settings, model: null }, lastRun: null };
  expect(await watchedImportance(never, without, '/project', 2, signal)).toEqual({
    importance: null,
    importanceProblem: null,
  });
});

test('why a model cannot be asked is told, and not tried again in vain; what is unexpected is thrown', async () => {
  const refuse: ImportanceOf = () =>
    Promise.reject(new BenchtopError({ code: 'not-found', what: 'There is no model late.' }));
  const refused = await watchedImportance(refuse, { settings, lastRun: null }, '/project', 1, signal);
  expect(refused).toEqual({ importance: null, importanceProblem: 'There is no model late.' });
  const again = { settings, lastRun: lastRun({ importanceProblem: 'There is no model late.' }) };
  expect(await watchedImportance(never, again, '/project', 0, signal)).toEqual(refused);
  await expect(watchedImportance(never, { settings, lastRun: null }, '/project', 1, signal)).rejects.toThrow(
    'It was asked.',
  );
});
