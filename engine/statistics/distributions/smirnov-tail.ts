import { stirlingError } from './stirling-error.ts';

/** Larger samples take the limit, as SciPy does. */
const summedAtMost = 1_000_000;

/**
 * How likely the largest one-sided distance between n draws and their distribution is at least x (Birnbaum and Tingey 1951):
 * x times the sum over v ≤ n (1 − x) of the binomial probability of v at p = x + v/n, divided by p. Each is taken by Loader's way,
 * and no term is negative, so that small values keep their digits.
 */
export function smirnovTail(n: number, x: number): number {
  if (x >= 1) return 0;
  if (x <= 0) return 1;
  if (n > summedAtMost) return Math.exp(-((6 * n * x + 1) ** 2) / (18 * n));
  const shift = n * x;
  // The term of v = 0 is (1 − x)^n.
  let sum = Math.exp(n * Math.log1p(-x)) / x;
  const ofAll = stirlingError(n);
  const last = Math.floor(n - shift);
  for (let v = 1; v <= last && v < n; v++) {
    const rest = n - v;
    if (rest <= shift) break;
    const exponent =
      ofAll -
      stirlingError(v) -
      stirlingError(rest) +
      v * Math.log1p(shift / v) +
      rest * Math.log1p(-shift / rest);
    if (exponent < -745) continue;
    sum += (Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * v * rest))) / (x + v / n);
  }
  return Math.min(1, x * sum);
}
