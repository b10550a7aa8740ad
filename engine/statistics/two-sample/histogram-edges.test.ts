import { expect, test } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { histogramEdges } from './histogram-edges.ts';
import { summarisePair } from './summarise-pair.ts';

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

test('every value is counted in its part, whatever lies far off in the first or the last', () => {
  // So few that they are sorted, and so many that they are not.
  for (const rows of [9000, 90_000]) {
    const random = seededRandom(3);
    const reference = Float64Array.from({ length: rows }, () => random.share() * 10);
    reference.set([1e9, -1e9, Infinity], 100);
    const current = Float64Array.from({ length: 500 }, () => 5 + random.share());
    const { edges, counts } = summarisePair({ reference, current }).histogram!;
    expect(edges).toHaveLength(41);
    expect(edges[0]).toBeGreaterThan(-1);
    expect(edges[40]).toBeLessThan(11);
    expect(sum(counts.current)).toBe(500);
    let counted = 0;
    for (const [part, edge] of edges.slice(1, -1).entries())
      expect((counted += counts.reference[part]!)).toBe(reference.filter((value) => value <= edge).length);
    expect(sum(counts.reference)).toBe(rows);
    expect(sum(counts.current.subarray(0, edges.findIndex((edge) => edge > 5) - 1))).toBe(0);
  }
});

test('parts hold equally many whole numbers; one value alone has no parts', () => {
  const hours = Float64Array.from({ length: 2400 }, (_, at) => at % 24);
  const { edges, counts } = summarisePair({ reference: hours, current: Float64Array.of(0, 23) }).histogram!;
  expect(edges).toEqual(Array.from({ length: 25 }, (_, at) => at - 0.5));
  expect([...counts.reference]).toEqual(Array(24).fill(100));
  const days = Float64Array.from({ length: 365 }, (_, at) => at);
  const wide = summarisePair({ reference: days, current: days }).histogram!;
  expect([...wide.counts.reference].slice(0, -1).every((count) => count === 10)).toBe(true);
  expect(histogramEdges(Float64Array.of(7, 7, 7))).toBeNull();
  expect(histogramEdges(Float64Array.of(-1e308, 0, 1e308))).toBeNull();
  expect(histogramEdges(Float64Array.of())).toBeNull();
});
