import { scaledBesselKQuarter } from '../distributions/bessel-k-quarter.ts';
import { greatestCommonDivisor } from './greatest-common-divisor.ts';

/** Up to so many values in each sample the probability is counted; as SciPy's `auto`. */
const countedAtMost = 20;

/**
 * How likely two samples of so many values from one distribution have at least such a T. As `scipy.stats.cramervonmises_2samp` with
 * `method='auto'`: counted for up to 20 values each, else by the limit, whose series SciPy ends at 1e-7. Being 1 less that sum, it says
 * nothing about how small a value below 1e-7 is.
 */
export function cramerVonMisesP(
  { cramerVonMises: t, rankSquares }: { cramerVonMises: number; rankSquares: number },
  n: number,
  m: number,
): number {
  if (Math.max(n, m) <= countedAtMost) return countedP(rankSquares, n, m);
  // Anderson's mean and variance of T bring it to those of the limit.
  const pairs = n * m;
  const all = n + m;
  const mean = (1 + 1 / all) / 6;
  const variance =
    ((all + 1) * (4 * pairs * all - 3 * (n * n + m * m) - 2 * pairs)) / (45 * all * all * 4 * pairs);
  const limit = 1 / 6 + (t - mean) / Math.sqrt(45 * variance);
  return limit < 0.003 ? 1 : Math.max(0, 1 - limitCdf(limit));
}

/** Csörgő and Faraway (1996), equation 1.3. */
function limitCdf(x: number): number {
  let sum = 0;
  // Γ(k + 1/2) / k!
  let gammas = Math.sqrt(Math.PI);
  for (let k = 0; ; k++) {
    const y = 4 * k + 1;
    const q = (y * y) / (16 * x);
    const term =
      (gammas / (Math.PI ** 1.5 * Math.sqrt(x))) * Math.sqrt(y) * Math.exp(-2 * q) * scaledBesselKQuarter(q);
    sum += term;
    if (term < 1e-7) return sum;
    gammas *= (k + 0.5) / (k + 1);
  }
}

/**
 * How many orders of n and m values have which sum, cell by cell (Xiao, Gordon and Yakovlev, A C++ Program for the Cramér-von Mises
 * Two-Sample Test, 2006).
 */
function countedP(rankSquares: number, n: number, m: number): number {
  const common = (n * m) / greatestCommonDivisor(n, m);
  const pairs = n * m;
  const least = Math.floor(
    (common ** 2 * (n + m) * (6 * rankSquares - pairs * (4 * pairs - 1))) / (6 * pairs ** 2),
  );
  const stepOfN = common / n;
  const stepOfM = common / m;
  let column: Map<number, number>[] = Array.from({ length: n + 1 }, () => new Map<number, number>());
  for (let u = 0; u <= m; u++) {
    let before = new Map<number, number>();
    column = column.map((left, v) => {
      const square = (stepOfN * v - stepOfM * u) ** 2;
      const here = new Map<number, number>();
      const add = (from: Map<number, number>) => {
        for (const [sum, count] of from) here.set(sum + square, (here.get(sum + square) ?? 0) + count);
      };
      if (u === 0 && v === 0) here.set(0, 1);
      add(before);
      add(left);
      before = here;
      return here;
    });
  }
  let reached = 0;
  let all = 0;
  for (const [sum, count] of column[n] ?? []) {
    all += count;
    if (sum >= least) reached += count;
  }
  return reached / all;
}
