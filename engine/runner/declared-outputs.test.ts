import { expect, test } from 'vitest';
import { createDeclaredOutputs } from './declared-outputs.ts';

test('the nearest of the paths that a group has declared tells whose an entry is', () => {
  let written: string[] | null = null;
  const declared = createDeclaredOutputs(() => written && { all: new Set(written), asData: new Set() });
  declared.declare('g', 'split', ['/p/data', '/p/train.csv']);
  declared.declare('g', 'train', ['/p/model.pkl', '/p/data/own']);
  const others = (runId: string, folder: string, names: string[]) =>
    names.filter((name) => !declared.notOfOthers('g', runId, folder, names).includes(name));
  expect(others('train', '/p', ['data', 'train.csv', 'model.pkl', 'notes.txt'])).toEqual([
    'data',
    'train.csv',
  ]);
  expect(others('split', '/p', ['data', 'train.csv', 'model.pkl', 'notes.txt'])).toEqual(['model.pkl']);
  expect(others('train', '/p/data/deep', ['x'])).toEqual(['x']);
  expect(others('train', '/p/data', ['x', 'own'])).toEqual(['x']);
  expect(others('split', '/p/data/own', ['x'])).toEqual(['x']);
  expect(others('split', '/p/data/deep', ['x'])).toEqual([]);
  expect(declared.notOfOthers('another', 'train', '/p', ['data', 'x'])).toEqual(['data', 'x']);
  // Of all that will come, whoever has begun already.
  written = ['/p/data', '/p/train.csv', '/p/report.html'];
  declared.declare('g', 'train', []);
  expect(others('split', '/p', ['data', 'report.html', 'notes.txt'])).toEqual(['report.html']);
  declared.declare('g', 'report', ['/p/report.html']);
  expect(others('report', '/p', ['data', 'report.html'])).toEqual(['data']);
  // Of a list that was asked about before, too, and by whoever begins another time.
  const names = ['data', 'report.html', 'late.csv'];
  expect(others('split', '/p', names)).toEqual(['report.html']);
  declared.declare('g', 'late', ['/p/late.csv']);
  expect(others('split', '/p', names)).toEqual(['report.html', 'late.csv']);
  declared.declare('g', 'late again', ['/p/late.csv']);
  expect(others('late', '/p', names)).toEqual(names);
  expect(others('late again', '/p', names)).toEqual(['data', 'report.html']);
  // A group that was forgotten is known again with the next that is said of it.
  for (const other of 'abcdefgh') declared.declare(other, 'run', ['/q/x']);
  declared.declare('g', 'split', ['/p/data', '/p/train.csv']);
  expect(others('split', '/p', ['data', 'train.csv', 'report.html'])).toEqual(['report.html']);
});
