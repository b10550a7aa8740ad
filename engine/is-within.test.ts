import { expect, test } from 'vitest';
import { isWithin } from './is-within.ts';

test('a folder holds itself and what lies below it, no neighbour', () => {
  expect(isWithin('/a', '/a')).toBe(true);
  expect(isWithin('/a', '/a/..b')).toBe(true);
  expect(isWithin('/a', '/ab')).toBe(false);
  expect(isWithin('/a', '/')).toBe(false);
});

test('parts that lead up are followed', () => {
  expect(isWithin('/a', '/a/b/../c')).toBe(true);
  expect(isWithin('/a', '/a/../b')).toBe(false);
  expect(isWithin('/a/../b', '/a/../b/c')).toBe(true);
  expect(isWithin('/a/', '/a/b')).toBe(true);
  expect(isWithin('/', '/a')).toBe(true);
});
