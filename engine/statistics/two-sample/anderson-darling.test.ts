import { expect, test } from 'vitest';
import { chiSquareTail } from '../distributions/gamma-tail.ts';
import { seededRandom } from '../seeded-random.ts';
import { andersonDarlingTail, andersonDarlingTest, equalPairs } from './anderson-darling.ts';

test('the limit has the percentage points that are published, and the tail that follows from its largest part', () => {
  // Scholz and Stephens (1987), table 1, at infinity: (point − 1) / 0.7614 for 10, 5, 2.5 and 1 %.
  for (const [standardised, share] of [
    [1.226, 0.1],
    [1.96, 0.05],
    [2.719, 0.025],
    [3.752, 0.01],
  ] as const)
    expect(andersonDarlingTail(1 + standardised * 0.7614)).toBeCloseTo(share, 3);
  for (const x of [30, 100, 600])
    expect(andersonDarlingTail(x) / (Math.sqrt(3) * chiSquareTail(2 * x, 1))).toBeCloseTo(1, 1);
  const falling = Array.from({ length: 200 }, (_, at) => andersonDarlingTail(at / 10));
  expect(falling.every((p, at) => at === 0 || p <= (falling[at - 1] ?? 1))).toBe(true);
});

test.each([
  [10, 10],
  [5, 200],
  [200, 200],
])('with no drift it tells its share of %d against %d', (n, m) => {
  const random = seededRandom(n + m);
  const rounds = 4000;
  const side = (count: number) => Float64Array.from({ length: count }, () => random.share()).sort();
  const ps = Array.from(
    { length: rounds },
    () => andersonDarlingTest({ reference: side(n), current: side(m) }).p,
  );
  for (const share of [0.05, 0.0125]) {
    const told = ps.filter((p) => p <= share).length / rounds;
    expect(Math.abs(told - share), String(share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / rounds));
  }
});

test('the share of equal pairs is counted over both samples', () => {
  const of = (...values: number[]) => Float64Array.from(values);
  expect(equalPairs({ reference: of(1, 2, 2), current: of(2, 3) })).toBeCloseTo(3 / 10, 12);
  expect(equalPairs({ reference: of(1), current: of(2) })).toBe(0);
});

test('nothing is told of what has no difference or too few values', () => {
  const of = (...values: number[]) => Float64Array.from(values);
  expect(andersonDarlingTest({ reference: of(3, 3, 3), current: of(3, 3) })).toEqual({ statistic: 0, p: 1 });
  expect(andersonDarlingTest({ reference: of(1), current: of(2, 3) })).toEqual({ statistic: 0, p: 1 });
  const apart = andersonDarlingTest({
    reference: Float64Array.from({ length: 5000 }, (_, at) => at),
    current: Float64Array.from({ length: 5000 }, (_, at) => at + 1e6),
  });
  expect(apart.p).toBe(0);
});
