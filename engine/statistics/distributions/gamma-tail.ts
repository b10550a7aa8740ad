import { stirlingError } from './stirling-error.ts';

/** The share of a chi-square distribution with so many degrees of freedom above x. */
export const chiSquareTail = (x: number, degrees: number): number => gammaTail(degrees / 2, x / 2);

/**
 * The regularised upper incomplete gamma function Q(a, x): by the series of 1 − Q below a + 1, and by a continued fraction above
 * (DLMF 8.11.4 and 8.9.2, the latter by Lentz's rule), so that small values keep their digits.
 * @param a a multiple of 1/2, above 0
 */
function gammaTail(a: number, x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  // x^a e^-x / a!, its exponent without the parts that cancel.
  const off = (x - a) / a;
  const deviance = Math.abs(off) < 0.5 ? x - a - a * Math.log1p(off) : a * Math.log(a / x) + x - a;
  const front = Math.exp(-stirlingError(a) - deviance) / Math.sqrt(2 * Math.PI * a);
  if (front === 0) return x < a ? 1 : 0;
  if (x < a + 1) {
    let term = 1;
    let sum = 1;
    for (let k = 1; term > sum * 1e-17; k++) {
      term *= x / (a + k);
      sum += term;
    }
    return Math.max(0, 1 - front * sum);
  }
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < 100_000; k++) {
    const up = k * (a - k);
    b += 2;
    d = 1 / (b + up * d);
    c = b + up / c;
    const step = c * d;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return front * a * fraction;
}
