import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketOf, bucketsBetween, createM4 } from './m4.ts';
import { pointAt, pointsBetween, type PointColumns } from './points/point-columns.ts';
import { marksOf, readMarks } from './points/segment-marks.ts';

const columnsOf = (values: ArrayLike<number>): PointColumns => ({
  steps: Float64Array.from(values, (_, index) => index),
  times: Float64Array.from(values, (_, index) => 1000 + index),
  values: Float64Array.from(values),
});

/** What is kept of points that come in pieces, every second one as marks where it lies in one bucket. */
function kept(values: ArrayLike<number>, buckets: number, piece: number): number[] {
  const points = columnsOf(values);
  const all = bucketsBetween(0, values.length - 1, buckets);
  const m4 = createM4('step', all);
  for (let from = 0; from < values.length; from += piece) {
    const own = pointsBetween(points, from, Math.min(from + piece, values.length));
    const [first, last] = [pointAt(own, 0), pointAt(own, own.steps.length - 1)];
    if ((from / piece) % 2 === 1 && bucketOf(all, first.step) === bucketOf(all, last.step))
      m4.addMarks(readMarks(marksOf(own)));
    else m4.addPoints(own);
  }
  return [...m4.result().steps];
}

test('a spike of one step in a million survives in a thousand buckets', () => {
  const values = new Float64Array(1_000_000).fill(1);
  values[617_003] = 14.5;
  const steps = kept(values, 1000, 512);
  expect(steps.length).toBeLessThanOrEqual(4000);
  expect(steps).toContain(617_003);
});

test('keeps first, least, greatest and last of every bucket and the ends of NaN, in order, and never invents', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
          fc.integer({ min: 0, max: 3 }),
          fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
        ),
        { minLength: 1, maxLength: 400 },
      ),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 50 }),
      (values, buckets, piece) => {
        const width = (values.length - 1) / buckets || 1;
        const groups = Map.groupBy(values.keys(), (index) =>
          Math.min(buckets - 1, Math.floor(index / width)),
        );
        const expected = [...groups.values()].flatMap((all) => {
          const numbers = all.filter((index) => !Number.isNaN(values[index]));
          const holes = all.filter((index) => Number.isNaN(values[index]));
          const least = numbers.find((index) => numbers.every((other) => values[index]! <= values[other]!));
          const greatest = numbers.find((index) =>
            numbers.every((other) => values[index]! >= values[other]!),
          );
          const marks = [all[0], least, greatest, all.at(-1), holes[0], holes.at(-1)];
          return [...new Set(marks.filter((index) => index !== undefined))].toSorted((a, b) => a - b);
        });
        expect(kept(values, buckets, piece)).toEqual(expected);
      },
    ),
  );
});
