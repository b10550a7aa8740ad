import { expect, test } from 'vitest';
import { probabilityColumns } from './probability-columns.ts';

test('a column, or one for each of several classes', () => {
  expect(probabilityColumns(' score ')).toBe('score');
  expect(probabilityColumns('cat=p_cat, dog = p=dog')).toEqual({ cat: 'p_cat', dog: 'p=dog' });
  expect(() => probabilityColumns('cat=p_cat,dog')).toThrow('"dog" is no CLASS=COLUMN.');
  expect(() => probabilityColumns('cat=')).toThrow('"cat=" is no CLASS=COLUMN.');
  expect(() => probabilityColumns('cat=p_cat')).toThrow('Of several classes each has its column');
});
