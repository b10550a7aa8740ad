import { kolmogorovTail } from '../distributions/kolmogorov-tail.ts';
import { greatestCommonDivisor } from './greatest-common-divisor.ts';

/** Up to so many values in each sample the probability is counted, not taken from the limit; as SciPy's `auto`. */
const countedAtMost = 10_000;

/**
 * How likely two samples of so many values from one distribution are at least so far apart: exactly for up to 10,000 values each,
 * else by the distribution of one sample of n m / (n + m). As `scipy.stats.ks_2samp` with `method='auto'`.
 */
export function kolmogorovSmirnovP(distance: number, n: number, m: number): number {
  if (Math.max(n, m) > countedAtMost) return kolmogorovTail(roundToEven((n * m) / (n + m)), distance);
  const divisor = greatestCommonDivisor(n, m);
  const steps = Math.round(distance * (n / divisor) * m);
  if (steps === 0) return 1;
  return Math.min(
    1,
    n === m ? outsideSquare(n, steps) : outsideBand(Math.max(n, m), Math.min(n, m), divisor, steps),
  );
}

/** NumPy's round, for which a half goes to the even neighbour. */
function roundToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** The share of paths from (0, 0) to (n, n) that come `steps` off the diagonal, by reflecting them (Gnedenko and Korolyuk, 1951). */
function outsideSquare(n: number, steps: number): number {
  let share = 0;
  for (let k = Math.floor(n / steps); k >= 0; k--) {
    let factor = 1;
    for (let j = 0; j < steps; j++) factor *= (n - k * steps - j) / (n + k * steps + j + 1);
    share = factor * (1 - share);
  }
  return 2 * share;
}

/**
 * The share of paths from (0, 0) to (m, n) that leave the band |x n − y m| < steps · divisor: column by column, from the shares of the
 * neighbours left and below (Hodges, 1958). Only what is within the band is kept, and nothing is subtracted.
 * @param m the larger
 */
function outsideBand(m: number, n: number, divisor: number, steps: number): number {
  const stepOfX = n / divisor;
  const stepOfY = m / divisor;
  const lowest = (x: number) => Math.min(n, Math.max(0, Math.floor((stepOfX * x - steps) / stepOfY) + 1));
  const pastHighest = (x: number) => Math.min(n + 1, Math.ceil((stepOfX * x + steps) / stepOfY));
  // One share for each y; above the band it is 1, and what is left below it is never read again.
  const shares = new Float64Array(n + 1).fill(1);
  shares.fill(0, 0, pastHighest(0));
  for (let x = 1; x <= m; x++) {
    const start = lowest(x);
    const end = pastHighest(x);
    if (end <= start) return 1;
    let below = start === 0 ? 0 : 1;
    for (let y = start; y < end; y++) {
      below = ((shares[y] ?? 1) * x + below * y) / (x + y);
      shares[y] = below;
    }
  }
  return shares[n] ?? 1;
}
