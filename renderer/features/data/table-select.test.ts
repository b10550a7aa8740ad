import { expect, test } from 'vitest';
import { tableSelect } from './table-select.ts';

test('a table is asked for the rows that are wanted, in their order, whatever a column is called', () => {
  expect(tableSelect('', null)).toBe('SELECT * FROM t');
  expect(tableSelect(' delay > 5 ', { column: 'de"lay', isDescending: true })).toBe(
    'SELECT * FROM t WHERE delay > 5 ORDER BY "de""lay" DESC NULLS LAST',
  );
});
