import { expect, test } from 'vitest';
import { readDelimited } from './read-delimited.ts';

test('quotes hold separators, breaks and doubled quotes; both kinds of line ends are taken', () => {
  expect(readDelimited('a,b\r\n"1,5","say ""hi""\nthere"\n3,', ',', 10)).toEqual([
    ['a', 'b'],
    ['1,5', 'say "hi"\nthere'],
    ['3', ''],
  ]);
});

test('no more rows are read than asked for', () => {
  expect(readDelimited('a\nb\nc\nd', ',', 2)).toEqual([['a'], ['b']]);
});
