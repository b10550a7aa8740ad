import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadLabels } from './spread-labels.ts';

describe('end labels', () => {
  it('stay where they want to be where there is room', () =>
    expect(spreadLabels([10, 50], 14, 0, 100)).toEqual([10, 50]));

  it('spread around what they want, in order and inside', () => {
    expect(spreadLabels([50, 50, 50], 14, 0, 100)).toEqual([36, 50, 64]);
    expect(spreadLabels([99, 98, 100], 14, 0, 100)).toEqual([86, 72, 100]);
  });

  it('keep their order and distance whatever they want', () => {
    const wants = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(wants, (wanted) => {
        const places = spreadLabels(wanted, 13, 0, 200);
        const order = wanted.map((_, at) => at).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
        order.forEach((at, rank) => {
          expect(places[at]).toBeGreaterThanOrEqual(-1e-9);
          expect(places[at]).toBeLessThanOrEqual(200 + 1e-9);
          if (rank > 0) expect(places[at]! - places[order[rank - 1]!]!).toBeGreaterThanOrEqual(13 - 1e-9);
        });
      }),
    );
  });

  it('space evenly where they cannot all fit', () =>
    expect(spreadLabels([0, 0, 0], 14, 0, 20)).toEqual([0, 10, 20]));
});
