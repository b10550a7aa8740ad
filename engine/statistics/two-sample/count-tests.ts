import { chiSquareTail } from '../distributions/gamma-tail.ts';
import { normalTail } from '../distributions/normal-distribution.ts';
import { sumOf, type CountPair } from './count-distances.ts';

/** A test of whether two samples may come from one distribution. */
export interface TestResult {
  readonly statistic: number;
  /** How likely so large a statistic is where they do. */
  readonly p: number;
}

/**
 * Pearson's chi-square over a table of two rows, with Yates' correction where it has two columns; `scipy.stats.chi2_contingency`.
 * Categories that neither sample has count as none.
 */
export function chiSquareTest({ reference, current }: CountPair): TestResult {
  const ofReference = sumOf(reference);
  const ofCurrent = sumOf(current);
  const all = ofReference + ofCurrent;
  let categories = 0;
  for (let at = 0; at < reference.length; at++)
    if ((reference[at] ?? 0) + (current[at] ?? 0) > 0) categories++;
  if (categories < 2) return { statistic: 0, p: 1 };
  let statistic = 0;
  for (let at = 0; at < reference.length; at++) {
    const inBoth = (reference[at] ?? 0) + (current[at] ?? 0);
    if (inBoth === 0) continue;
    for (const [observed, total] of [
      [reference[at] ?? 0, ofReference],
      [current[at] ?? 0, ofCurrent],
    ] as const) {
      const expected = (total * inBoth) / all;
      const off = Math.abs(observed - expected);
      statistic += (categories === 2 ? off - Math.min(0.5, off) : off) ** 2 / expected;
    }
  }
  return { statistic, p: chiSquareTail(statistic, categories - 1) };
}

/** Whether two shares may be the same: the pooled z-test, to both sides. */
export function twoProportionTest(
  reference: { readonly hits: number; readonly of: number },
  current: { readonly hits: number; readonly of: number },
): TestResult {
  const pooled = (reference.hits + current.hits) / (reference.of + current.of);
  if (pooled === 0 || pooled === 1) return { statistic: 0, p: 1 };
  const statistic =
    (current.hits / current.of - reference.hits / reference.of) /
    Math.sqrt(pooled * (1 - pooled) * (1 / reference.of + 1 / current.of));
  return { statistic, p: Math.min(1, 2 * normalTail(Math.abs(statistic))) };
}
