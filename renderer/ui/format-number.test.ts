import { expect, test } from 'vitest';
import { formatNumber } from './format-number.ts';

test.each([
  [0.48134, '0.4813'],
  [0.5, '0.5000'],
  [12.3456, '12.35'],
  [1234.56, '1235'],
  [65805, '65805'],
  [0, '0'],
  [-0.25, '−0.2500'],
  [0.000012, '1.2e−5'],
  [3.801e284, '3.801e284'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '−∞'],
])('%d reads %s', (value, text) => expect(formatNumber(value)).toBe(text));
