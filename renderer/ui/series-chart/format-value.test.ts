import { describe, expect, it } from 'vitest';
import { formatDuration, formatLogTicks, formatTicks, formatValue } from './format-value.ts';

describe('numbers as text', () => {
  it.each([
    [0, '0'],
    [0.12345678, '0.1235'],
    [14.5, '14.5'],
    [1234.5678, '1235'],
    [123456, '123456'],
    [0.00012346, '0.0001235'],
    [1.2346e-7, '1.235e-7'],
    [-2.5e9, '-2.5e9'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('writes %d as %s', (value, text) => expect(formatValue(value)).toBe(text));

  it('gives the ticks of one axis the same decimals', () => {
    expect(formatTicks([0, 0.25, 0.5])).toEqual(['0.00', '0.25', '0.50']);
    expect(formatTicks([0, 200, 400])).toEqual(['0', '200', '400']);
    expect(formatTicks([1_000_000, 1_500_000])).toEqual(['1e6', '1.5e6']);
    expect(formatTicks([0, 0.0002, 0.0004])).toEqual(['0', '2e-4', '4e-4']);
  });

  it('keeps near ticks of a far range apart', () => {
    expect(new Set(formatTicks([2_000_001, 2_000_002, 2_000_003])).size).toBe(3);
  });

  it('writes log ticks short', () =>
    expect(formatLogTicks([0.0001, 0.01, 1, 1e6])).toEqual(['1e-4', '0.01', '1', '1e6']));

  it.each([
    [250, '250 ms'],
    [4200, '4.2 s'],
    [2_334_000, '38 m 54 s'],
    [7_500_000, '2 h 5 m'],
    [90_000_000, '1 d 1 h'],
    [-1500, '-1.5 s'],
  ])('writes %d ms as %s', (elapsedMs, text) => expect(formatDuration(elapsedMs)).toBe(text));
});
