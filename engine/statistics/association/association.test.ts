import { expect, test } from 'vitest';
import { orderedNumbers, pearsonCorrelation, spearmanCorrelation } from './correlation.ts';
import { cramersV } from './cramers-v.ts';

test('correlations are those of SciPy 1.17, rows without one of the two left out', () => {
  const a = Float64Array.of(1, 2, 2, Number.NaN, 4, 5, 7.5, -3, 8, 1);
  const b = Float64Array.of(2, 1, 1, 77, 5, 4, 9, 0, 100, Number.NaN);
  expect(pearsonCorrelation(a, b)).toBeCloseTo(0.5857525018697082, 14);
  expect(spearmanCorrelation(orderedNumbers(a), orderedNumbers(b))).toBeCloseTo(0.9036144578313252, 14);
  expect(
    pearsonCorrelation(
      a,
      Float64Array.from(a, () => 3),
    ),
  ).toBeNaN();
});

test('Cramér’s V is that of SciPy 1.17', () => {
  const x = Int32Array.of(0, 0, 1, 1, 2, 2, -1, 0, 1, 2, 2, 0);
  const y = Int32Array.of(0, 0, 1, 1, 1, 0, 1, 0, 1, 1, 1, -1);
  expect(cramersV(x, y)).toBeCloseTo(0.82915619758885, 14);
  expect(
    cramersV(
      x,
      Int32Array.from(x, () => 0),
    ),
  ).toBeNaN();
});
