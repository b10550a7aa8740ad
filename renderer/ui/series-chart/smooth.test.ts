import { describe, expect, it } from 'vitest';
import { smooth } from './smooth.ts';

const steps = (count: number): Float64Array => Float64Array.from({ length: count }, (_, at) => at);

describe('smoothing', () => {
  it('equals the bias-corrected average of Adam where points are evenly spaced', () => {
    const values = Float64Array.from({ length: 40 }, () => Math.random());
    const weight = 0.8;
    let average = 0;
    const expected = values.map((value, at) => {
      average = weight * average + (1 - weight) * value;
      return average / (1 - weight ** (at + 1));
    });
    const found = smooth(steps(40), values, weight);
    for (let at = 0; at < 40; at++) expect(found[at]).toBeCloseTo(expected[at] ?? 0, 10);
  });

  it('forgets by distance: a far point outweighs what came before it', () => {
    const far = smooth(Float64Array.of(0, 1, 100), Float64Array.of(0, 0, 1), 0.5);
    const near = smooth(Float64Array.of(0, 1, 2), Float64Array.of(0, 0, 1), 0.5);
    expect(far[2]).toBeGreaterThan(near[2] ?? 1);
  });

  it('leaves a constant constant, and everything alone at weight nought', () => {
    expect([...smooth(steps(5), new Float64Array(5).fill(3), 0.9)]).toEqual([3, 3, 3, 3, 3]);
    expect([...smooth(steps(3), Float64Array.of(1, 5, 2), 0)]).toEqual([1, 5, 2]);
  });

  it('passes over what is not finite and keeps it where it was', () => {
    const found = smooth(steps(4), Float64Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, 1), 0.6);
    expect(found[1]).toBeNaN();
    expect(found[2]).toBe(Number.POSITIVE_INFINITY);
    expect(found[3]).toBeCloseTo(1, 12);
  });
});
