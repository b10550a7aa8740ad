import { expect, test } from 'vitest';
import { isWithin } from './is-within.ts';

test('a folder holds itself and what lies below it, no neighbour', () => {
  expect(isWithin('/a', '/a')).toBe(true);
  expect(isWithin('/a', '/a/..b')).toBe(true);
  expect(isWithin('/a', '/ab')).toBe(false);
  expect(isWithin('/a', '/')).toBe(false);
});
