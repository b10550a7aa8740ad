import { expect, test } from 'vitest';
import type { WrittenPaths } from '../written-paths.ts';
import { createCompany } from './company.ts';

/** A group `g`, whose runs join and are asked by their names. */
function openGroup() {
  let written: WrittenPaths | null = null;
  const company = createCompany(() => written);
  const runs = new Map<string, ReturnType<typeof company.join>>();
  return {
    company,
    willWrite(paths: string[]) {
      written = { all: new Set(paths), asData: new Set() };
    },
    join(runId: string, outputs: string[]) {
      const joined = company.join('g', runId, outputs);
      runs.set(runId, joined);
      return joined;
    },
    others: (runId: string, folder: string, names: string[]) =>
      names.filter((name) => runs.get(runId)?.notOfOthers(folder, names).includes(name) === false),
  };
}

test('the nearest of the paths that a group has declared tells whose an entry is', () => {
  const { company, willWrite, join, others } = openGroup();
  join('split', ['/p/data', '/p/train.csv']);
  join('train', ['/p/model.pkl', '/p/data/own']);
  expect(others('train', '/p', ['data', 'train.csv', 'model.pkl', 'notes.txt'])).toEqual([
    'data',
    'train.csv',
  ]);
  expect(others('split', '/p', ['data', 'train.csv', 'model.pkl', 'notes.txt'])).toEqual(['model.pkl']);
  expect(others('train', '/p/data/deep', ['x'])).toEqual(['x']);
  expect(others('train', '/p/data', ['x', 'own'])).toEqual(['x']);
  expect(others('split', '/p/data/own', ['x'])).toEqual(['x']);
  expect(others('split', '/p/data/deep', ['x'])).toEqual([]);
  expect(company.join('another', 'train', []).notOfOthers('/p', ['data', 'x'])).toEqual(['data', 'x']);
  expect(company.join(null, 'alone', []).notOfOthers('/p', ['data', 'x'])).toEqual(['data', 'x']);
  // Of all that will come, as soon as that is known.
  willWrite(['/p/data', '/p/train.csv', '/p/report.html']);
  expect(others('split', '/p', ['data', 'report.html', 'notes.txt'])).toEqual(['report.html']);
  join('report', ['/p/report.html']);
  expect(others('report', '/p', ['data', 'report.html'])).toEqual(['data']);
  // Of a list that was asked about before, too, and by whoever begins another time.
  const names = ['data', 'report.html', 'late.csv'];
  expect(others('split', '/p', names)).toEqual(['report.html']);
  join('late', ['/p/late.csv']);
  expect(others('split', '/p', names)).toEqual(['report.html', 'late.csv']);
  join('late again', ['/p/late.csv']);
  expect(others('late', '/p', names)).toEqual(names);
  expect(others('late again', '/p', names)).toEqual(['data', 'report.html']);
});

test('a group is known while one of it goes on, however many others begin, and for a while after', () => {
  const { company, willWrite, join, others } = openGroup();
  const passBy = () => {
    for (const other of 'hijklmnopq') company.join(other, 'run', ['/q/x']).leave();
  };
  const split = join('split', ['/p/train.csv']);
  passBy();
  const train = join('train', ['/p/model.pkl']);
  expect([split.isAlone(), train.isAlone()]).toEqual([false, false]);
  split.leave();
  train.leave();
  const next = join('next', []);
  expect(next.isAlone()).toBe(true);
  expect(others('next', '/p', ['train.csv', 'model.pkl'])).toEqual(['train.csv', 'model.pkl']);
  next.leave();
  passBy();
  // Forgotten: what it writes is asked after once more.
  willWrite(['/p/report.html']);
  join('last', []);
  expect(others('last', '/p', ['train.csv', 'report.html'])).toEqual(['report.html']);
});
