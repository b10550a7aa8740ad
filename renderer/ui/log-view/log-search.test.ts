import { expect, test } from 'vitest';
import { findList } from './find-list.ts';
import { findsInText } from './log-search.ts';

const plain = { isRegex: false, isCaseSensitive: false };

test('every find of a line is marked, and signs mean themselves in plain text', () => {
  expect(findsInText('Loss 0.5 loss 0.4', { ...plain, text: 'loss' })).toEqual([
    [0, 4],
    [9, 13],
  ]);
  expect(findsInText('a.b axb', { ...plain, text: 'a.b' })).toEqual([[0, 3]]);
  expect(findsInText('a.b axb', { ...plain, text: 'a.b', isRegex: true })).toEqual([
    [0, 3],
    [4, 7],
  ]);
  expect(findsInText('Loss', { ...plain, text: 'loss', isCaseSensitive: true })).toEqual([]);
});

test('an expression without an end and one that finds nothing mark nothing', () => {
  expect(findsInText('abc', { ...plain, text: '(', isRegex: true })).toEqual([]);
  expect(findsInText('abc', { ...plain, text: 'x*', isRegex: true })).toEqual([]);
});

test('offsets are found again in a list that has grown past its room', () => {
  const list = findList();
  for (let part = 0; part < 5; part++)
    list.add(Float64Array.from({ length: 700 }, (_, at) => (part * 700 + at) * 10));
  expect(list.length).toBe(3500);
  expect(list.firstFrom(10_000)).toBe(1000);
  expect(list.firstFrom(10_001)).toBe(1001);
  expect(list.at(3499)).toBe(34_990);
  list.dropFrom(34_990);
  expect([list.length, list.at(3499), list.firstFrom(1e9)]).toEqual([3499, undefined, 3499]);
});
