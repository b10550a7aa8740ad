import { expect, test } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { pairHistogram } from './pair-histogram.ts';

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

test('every value is counted in its part, whatever lies far off in the first or the last', () => {
  const random = seededRandom(3);
  const reference = Float64Array.from({ length: 9000 }, () => random.share() * 10);
  reference.set([1e9, -1e9, Infinity], 100);
  const current = Float64Array.from({ length: 500 }, () => 5 + random.share());
  const found = pairHistogram({ reference, current })!;
  expect(found.edges).toHaveLength(41);
  expect(found.edges[0]).toBeGreaterThan(-1);
  expect(found.edges[40]).toBeLessThan(11);
  expect(sum(found.counts.reference)).toBe(9000);
  expect(sum(found.counts.current)).toBe(500);
  const upTo = found.edges.findIndex((edge) => edge > 5) - 1;
  const below = sum(found.counts.reference.subarray(0, upTo));
  expect(below).toBe(reference.filter((value) => value <= found.edges[upTo]!).length);
  expect(sum(found.counts.current.subarray(0, upTo))).toBe(0);
});

test('parts hold equally many whole numbers; one value alone has no parts', () => {
  const hours = Float64Array.from({ length: 2400 }, (_, at) => at % 24);
  const { edges, counts } = pairHistogram({ reference: hours, current: Float64Array.of(0, 23) })!;
  expect(edges).toEqual(Array.from({ length: 25 }, (_, at) => at - 0.5));
  expect([...counts.reference]).toEqual(Array(24).fill(100));
  const days = Float64Array.from({ length: 365 }, (_, at) => at);
  const wide = pairHistogram({ reference: days, current: days })!;
  expect([...wide.counts.reference].slice(0, -1).every((count) => count === 10)).toBe(true);
  expect(pairHistogram({ reference: Float64Array.of(7, 7), current: Float64Array.of(7) })).toBeNull();
  expect(
    pairHistogram({ reference: Float64Array.of(-1e308, 1e308), current: Float64Array.of(0) }),
  ).toBeNull();
});
