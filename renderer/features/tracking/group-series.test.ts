import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupCourse } from './group-series.ts';

const member = (xs: number[], values: number[]) => ({
  xs: Float64Array.from(xs),
  values: Float64Array.from(values),
});

test('mean and range of runs that log at the same steps', () => {
  const course = groupCourse([member([0, 1, 2], [1, 2, 3]), member([0, 1, 2], [3, 6, 3])], 'range');
  expect([...course.xs]).toEqual([0, 1, 2]);
  expect([...course.mean]).toEqual([2, 4, 3]);
  expect([...(course.band?.low ?? [])]).toEqual([1, 2, 3]);
  expect([...(course.band?.high ?? [])]).toEqual([3, 6, 3]);
});

test('between its points a run counts on the straight line, outside of them not at all', () => {
  const course = groupCourse([member([0, 4], [0, 4]), member([2, 6], [10, 10])], 'none');
  expect([...course.xs]).toEqual([0, 2, 4, 6]);
  expect([...course.mean]).toEqual([0, 6, 7, 10]);
  expect(course.band).toBeNull();
});

test('the deviation is that of a sample, and nought for one run', () => {
  const course = groupCourse([member([0, 1], [1, 5]), member([0], [3])], 'deviation');
  expect((course.band?.high[0] ?? 0) - 2).toBeCloseTo(Math.SQRT2);
  expect(course.band?.high[1]).toBe(5);
});

test('what is not finite does not count; where nothing counts there is a gap', () => {
  const course = groupCourse(
    [member([0, 1], [Number.NaN, 2]), member([0, 1], [Number.POSITIVE_INFINITY, 4])],
    'range',
  );
  expect([...course.mean]).toEqual([Number.NaN, 3]);
  expect([...(course.band?.low ?? [])]).toEqual([Number.NaN, 2]);
});

test('the mean lies within the range wherever there is one', () => {
  const course = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(fc.array(course, { minLength: 1, maxLength: 6 }), (runs) => {
      const { mean, band } = groupCourse(
        runs.map((values) => member([...values.keys()], values)),
        'range',
      );
      for (const [at, value] of mean.entries()) {
        expect(value).toBeGreaterThanOrEqual((band?.low[at] ?? 0) - 1e-6);
        expect(value).toBeLessThanOrEqual((band?.high[at] ?? 0) + 1e-6);
      }
    }),
  );
});
