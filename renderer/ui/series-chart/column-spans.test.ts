import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnSpans } from './column-spans.ts';
import type { PlotScale } from './plot-scale.ts';

const scale: PlotScale = {
  left: 0,
  top: 0,
  width: 100,
  height: 50,
  x: [0, 100],
  y: [0, 50],
  yKind: 'linear',
};
const index = (count: number, step = 1): Float64Array =>
  Float64Array.from({ length: count }, (_, at) => at * step);

describe('column spans', () => {
  it('keep a one-step spike among a million points', () => {
    const xs = index(1_000_000, 100 / 1_000_000);
    const values = new Float64Array(1_000_000).fill(10);
    values[617_000] = 49;
    const { tops, bottoms } = columnSpans({ xs }, values, scale, 1);
    expect(tops[61]).toBe(1);
    expect(bottoms[61]).toBe(40);
    expect(tops[60]).toBe(40);
    expect(tops[62]).toBe(40);
  });

  it('cover every pixel of a segment across many columns, without a gap between neighbours', () => {
    const { tops, bottoms } = columnSpans({ xs: Float64Array.of(0, 100) }, Float64Array.of(0, 50), scale, 1);
    for (let column = 0; column < 100; column++) {
      expect(bottoms[column]).toBeCloseTo(50 - column / 2, 6);
      expect(tops[column]).toBeCloseTo(50 - (column + 1) / 2, 6);
    }
  });

  it('enclose every point of any line, and join any two neighbouring columns', () => {
    const point = fc.tuple(
      fc.double({ min: 0, max: 100, noNaN: true }),
      fc.double({ min: 0, max: 50, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 300 }), (unsorted) => {
        const points = unsorted.sort((a, b) => a[0] - b[0]);
        const xs = Float64Array.from(points, ([x]) => x);
        const values = Float64Array.from(points, ([, value]) => value);
        const { tops, bottoms } = columnSpans({ xs }, values, scale, 1);
        for (const [x, value] of points) {
          const column = Math.min(99, Math.floor(x));
          expect(tops[column]).toBeLessThanOrEqual(50 - value + 1e-6);
          expect(bottoms[column]).toBeGreaterThanOrEqual(50 - value - 1e-6);
        }
        for (let column = Math.ceil(xs[0]!); column < Math.floor(xs.at(-1)!) - 1; column++) {
          expect(tops[column]).toBeLessThanOrEqual(bottoms[column + 1]! + 1e-6);
          expect(tops[column + 1]).toBeLessThanOrEqual(bottoms[column]! + 1e-6);
        }
      }),
    );
  });

  it('join columns where a point stands on the border between them', () => {
    const { tops, bottoms } = columnSpans(
      { xs: Float64Array.of(5.5, 6, 7) },
      Float64Array.of(0, 40, 40),
      scale,
      1,
    );
    expect([tops[5], bottoms[5], tops[6]]).toEqual([10, 50, 10]);
  });

  it('leave a gap where values are not finite, or not above nought on a log axis', () => {
    const values = Float64Array.of(5, 5, Number.NaN, 5, -1, 5, 5);
    const found = columnSpans({ xs: index(7, 10) }, values, { ...scale, y: [1, 50], yKind: 'log' }, 1);
    const isEmpty = (column: number): boolean => (found.tops[column] ?? 0) > (found.bottoms[column] ?? 0);
    expect([5, 15, 25, 35, 45, 55].map(isEmpty)).toEqual([false, true, true, true, true, false]);
    expect(isEmpty(30)).toBe(false);
  });

  it('follow the line from the point before the view to the point after it', () => {
    const found = columnSpans({ xs: Float64Array.of(-50, 150) }, Float64Array.of(25, 25), scale, 1);
    expect([...found.tops].every((top) => top === 25)).toBe(true);
  });
});
