import { expect, test } from 'vitest';
import { assignColours } from './run-colours.ts';

test('a run keeps its colour, a new one takes the lowest that is free beside it', () => {
  const kept = new Map([
    ['b', 2],
    ['x', 0],
  ]);
  expect([...assignColours(kept, ['a', 'b', 'c', 'd'])]).toEqual([
    ['b', 2],
    ['a', 0],
    ['c', 1],
    ['d', 3],
  ]);
});

test('two runs that got one colour apart from each other differ when shown together', () => {
  const given = assignColours(
    new Map([
      ['a', 0],
      ['b', 0],
    ]),
    ['a', 'b'],
  );
  expect(new Set(given.values()).size).toBe(2);
});
