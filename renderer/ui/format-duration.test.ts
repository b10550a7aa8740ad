import { expect, test } from 'vitest';
import { formatDuration } from './format-duration.ts';

test.each([
  [240, '240 ms'],
  [2200, '2.2 s'],
  [9960, '10 s'],
  [59_400, '59 s'],
  [2_334_000, '38 m 54 s'],
  [7_500_000, '2 h 05 m'],
  [273_600_000, '3 d 4 h'],
])('%d ms reads %s', (elapsedMs, text) => expect(formatDuration(elapsedMs)).toBe(text));
