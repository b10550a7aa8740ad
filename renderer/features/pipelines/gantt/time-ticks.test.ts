import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tickText, timeTicks } from './time-ticks.ts';

test('ticks are round, read well, and are never more than fit', () => {
  expect(timeTicks(45_000, 5).map(tickText)).toEqual(['0', '10 s', '20 s', '30 s', '40 s']);
  expect(timeTicks(100_000, 4).map(tickText)).toEqual(['0', '30 s', '1 m', '1 m 30 s']);
  expect(timeTicks(3 * 3_600_000, 4).map(tickText)).toEqual(['0', '1 h', '2 h', '3 h']);
  expect(timeTicks(1, 4)).toEqual([0]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 1, max: 12 }), (spanMs, most) => {
      const ticks = timeTicks(spanMs, most);
      expect(ticks.length).toBeLessThanOrEqual(most + 1);
      expect(ticks.at(-1)).toBeLessThanOrEqual(spanMs);
    }),
  );
});
