import { expect, test } from 'vitest';
import { fourDigits } from './four-digits.ts';

test.each([
  [0.5, '0.5'],
  [-12.3456, '−12.35'],
  [48_134.7, '48130'],
  [-0.000_000_123_456, '−1.235e−7'],
])('%d reads %s in a sentence', (value, text) => expect(fourDigits(value)).toBe(text));
