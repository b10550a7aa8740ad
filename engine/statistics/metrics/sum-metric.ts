import type { RowMetric } from './row-metric.ts';

/**
 * A metric that is a function of sums over the rows, as the mean of errors is.
 * @param terms what each row adds to each sum: row after row, `width` numbers each.
 * @param finish the metric from the sums and the number of rows in them.
 */
export function sumMetric(
  terms: Float64Array,
  width: number,
  finish: (sums: Float64Array, count: number) => number,
): RowMetric {
  const rowCount = terms.length / width;

  function sumsOver(weights: Uint32Array | null): { sums: Float64Array; count: number } {
    const sums = new Float64Array(width);
    let count = 0;
    for (let row = 0; row < rowCount; row++) {
      const weight = weights === null ? 1 : (weights[row] ?? 0);
      if (weight === 0) continue;
      count += weight;
      for (let at = 0; at < width; at++) sums[at] = (sums[at] ?? 0) + weight * (terms[row * width + at] ?? 0);
    }
    return { sums, count };
  }

  return {
    rowCount,
    over(weights) {
      const { sums, count } = sumsOver(weights);
      return finish(sums, count);
    },
    leavingOut() {
      const { sums, count } = sumsOver(null);
      const rest = new Float64Array(width);
      return Float64Array.from({ length: rowCount }, (_, row) => {
        for (let at = 0; at < width; at++) rest[at] = (sums[at] ?? 0) - (terms[row * width + at] ?? 0);
        return finish(rest, count - 1);
      });
    },
  };
}
