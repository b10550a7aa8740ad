import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockTicks, durationTicks, linearTicks, logTicks } from './nice-ticks.ts';

describe('ticks', () => {
  it('are round numbers inside the range', () => {
    expect(linearTicks([0, 1], 4)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(linearTicks([-0.07, 0.33], 4)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(linearTicks([0.1, 0.3], 2)).toEqual([0.1, 0.2, 0.3]);
    expect(linearTicks([3, 3], 4)).toEqual([3]);
    expect(linearTicks([Number.NaN, 1], 4)).toEqual([]);
  });

  it('hold for any range: inside, ascending, not too many', () => {
    const bound = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    const exponent = fc.double({ min: -6, max: 6, noNaN: true });
    fc.assert(
      fc.property(bound, exponent, (low, power) => {
        const high = low + 10 ** power * Math.max(1, Math.abs(low) * 1e-6);
        const slack = 1e-6 * (high - low);
        const ticks = linearTicks([low, high], 4);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(6);
        expect(ticks.every((tick) => tick >= low - slack && tick <= high + slack)).toBe(true);
        expect(ticks.every((tick, at) => at === 0 || tick > (ticks[at - 1] ?? 0))).toBe(true);
      }),
    );
  });

  it('are whole for steps', () => {
    expect(linearTicks([0, 2], 8, { wholeOnly: true })).toEqual([0, 1, 2]);
    expect(linearTicks([0, 25], 10, { wholeOnly: true }).every(Number.isInteger)).toBe(true);
  });

  it('are powers of ten on a log axis, finer where there are too few', () => {
    expect(logTicks([1e-4, 1], 5)).toEqual([1e-4, 1e-3, 1e-2, 1e-1, 1]);
    expect(logTicks([0.9, 6], 4)).toEqual([1, 2, 5]);
    expect(logTicks([3.1, 4.2], 4).length).toBeGreaterThanOrEqual(2);
    expect(logTicks([1e-9, 1e9], 4).length).toBeLessThanOrEqual(5);
    expect(logTicks([-1, 5], 4)).toEqual([]);
  });

  it('are round durations and round moments of the local clock', () => {
    expect(durationTicks([0, 3_600_000], 4)).toEqual([0, 900_000, 1_800_000, 2_700_000, 3_600_000]);
    const hour = 3_600_000;
    const ticks = clockTicks([0.1 * hour, 24 * hour], 4, 5.5 * hour);
    expect(ticks.map((tick) => ((tick + 5.5 * hour) / hour) % 6)).toEqual(ticks.map(() => 0));
  });
});
