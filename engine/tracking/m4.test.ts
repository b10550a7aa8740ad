import fc from 'fast-check';
import { expect, test } from 'vitest';
import { m4Indices } from './m4.ts';

const ascending = (length: number) => Float64Array.from({ length }, (_, index) => index);

test('a spike of one step in a million survives in a thousand buckets', () => {
  const values = new Float64Array(1_000_000).fill(1);
  values[617_003] = 14.5;
  const kept = m4Indices(ascending(1_000_000), values, 1000);
  expect(kept.length).toBeLessThanOrEqual(4000);
  expect([...kept].some((index) => values[index] === 14.5)).toBe(true);
});

test('keeps first, least, greatest and last of every bucket, in order, and never invents', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constant(Number.NaN)), {
        minLength: 1,
        maxLength: 400,
      }),
      fc.integer({ min: 1, max: 20 }),
      (values, buckets) => {
        const x = ascending(values.length);
        const kept = [...m4Indices(x, Float64Array.from(values), buckets)];
        expect(kept).toEqual(kept.toSorted((a, b) => a - b));
        expect(new Set(kept).size).toBe(kept.length);
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(values.length - 1);
        const width = (values.length - 1) / buckets || 1;
        const bucketOf = (index: number) => Math.min(buckets - 1, Math.floor(index / width));
        for (const [bucket, all] of Map.groupBy(values.keys(), bucketOf)) {
          const finite = all.map((index) => values[index]!).filter((value) => !Number.isNaN(value));
          const shown = kept.filter((index) => bucketOf(index) === bucket).map((index) => values[index]!);
          if (finite.length > 0) {
            expect(shown).toContain(Math.min(...finite));
            expect(shown).toContain(Math.max(...finite));
          }
          if (finite.length < all.length) expect(shown.some(Number.isNaN)).toBe(true);
        }
      },
    ),
  );
});
