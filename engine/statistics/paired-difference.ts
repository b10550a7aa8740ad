import type { Resampled } from './bootstrap-interval.ts';
import type { RowMetric } from './metrics/row-metric.ts';

/**
 * By how much `b` is better than `a` over the very same rows; positive is better. Drawn together, what is hard about a row is so for
 * both, and the interval of the difference is far narrower than two intervals beside each other.
 */
export function pairedDifference(a: RowMetric, b: RowMetric, isLowerBetter: boolean): Resampled {
  const sign = isLowerBetter ? -1 : 1;
  return {
    rowCount: a.rowCount,
    over: (weights) => sign * (b.over(weights) - a.over(weights)),
    leavingOut() {
      const ofA = a.leavingOut();
      return b.leavingOut().map((value, row) => sign * (value - (ofA[row] ?? 0)));
    },
  };
}
