/**
 * Exponential moving average of unevenly spaced values, debiased.
 *
 * `smoothed_i = n_i / d_i` with `n_i = n_(i-1) · w^Δ_i + y_i` and `d_i = d_(i-1) · w^Δ_i + 1`, where Δ is the distance to the
 * value before in units of the mean distance. Spaced evenly, this is the bias-corrected average of Adam (Kingma and Ba 2015,
 * arXiv:1412.6980, algorithm 1); the power of the distance is the exponential average of Eckner, "Algorithms for unevenly
 * spaced time series" (2014). A first value is never dragged towards nought, and thinning does not change the time constant.
 * Values that are not finite stay as they are and leave the average untouched.
 *
 * @param weight 0 (off) up to, but without, 1.
 */
export function smooth(xs: Float64Array, values: Float64Array, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  const meanDistance = (lastOf(xs) - (xs[0] ?? 0)) / Math.max(1, xs.length - 1);
  const decayRate = Math.log(Math.min(Math.max(weight, 0), 0.9999)) / (meanDistance > 0 ? meanDistance : 1);
  let average = 0;
  let denominator = 0;
  let lastX = Number.NaN;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    const x = xs[at] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      smoothed[at] = value;
      continue;
    }
    const decay = denominator === 0 ? 0 : weight === 0 ? 0 : Math.exp(decayRate * Math.max(0, x - lastX));
    // n/d in one step, so that a constant stays exactly itself.
    denominator = denominator * decay + 1;
    average += (value - average) / denominator;
    lastX = x;
    smoothed[at] = average;
  }
  return smoothed;
}

function lastOf(column: Float64Array): number {
  return column[column.length - 1] ?? 0;
}
