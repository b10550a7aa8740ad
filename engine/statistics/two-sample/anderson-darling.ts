import type { SortedPair } from './compare-sorted.ts';

/**
 * The test of Anderson and Darling for two samples: the squared distance of their distribution functions at every value, weighted so that
 * both ends count as much as the middle. Equal values have mid-ranks (Scholz and Stephens, 1987, formula 7), and the statistic is theirs
 * less its mean, in standard deviations, as `scipy.stats.anderson_ksamp` has it. The probability is that of the limit, which holds from
 * about five values on, at a statistic of as many standard deviations.
 * @param pair each in ascending order and without NaN
 * @returns a statistic of 0 and a probability of 1 where there are fewer than four values, or all are the same
 */
export function andersonDarlingTest(pair: SortedPair): { statistic: number; p: number } {
  const [n, m] = [pair.reference.length, pair.current.length];
  const deviation = deviationOf(n, m);
  const squared = squaredDistance(pair);
  if (!(deviation > 0) || squared === null) return { statistic: 0, p: 1 };
  const statistic = (squared - 1) / deviation;
  return { statistic, p: andersonDarlingTail(1 + statistic * limitDeviation) };
}

/** The share of all pairs of values, of both samples together, that are equal; each sample in ascending order. */
export function equalPairs({ reference: a, current: b }: SortedPair): number {
  const all = a.length + b.length;
  let pairs = 0;
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const value = Math.min(i < a.length ? (a[i] ?? 0) : Infinity, j < b.length ? (b[j] ?? 0) : Infinity);
    const from = i + j;
    while (i < a.length && a[i] === value) i++;
    while (j < b.length && b[j] === value) j++;
    const equal = i + j - from;
    pairs += equal * (equal - 1);
  }
  return all < 2 ? 0 : pairs / (all * (all - 1));
}

/** Null where all values are the same. */
function squaredDistance({ reference: a, current: b }: SortedPair): number | null {
  const [n, m] = [a.length, b.length];
  const all = n + m;
  let sum = 0;
  let differentCount = 0;
  for (let i = 0, j = 0; i < n || j < m;) {
    const x = i < n ? (a[i] ?? 0) : Infinity;
    const y = j < m ? (b[j] ?? 0) : Infinity;
    const value = x < y ? x : y;
    const [fromI, fromJ] = [i, j];
    while (i < n && a[i] === value) i++;
    while (j < m && b[j] === value) j++;
    const equal = i - fromI + (j - fromJ);
    const below = fromI + fromJ + equal / 2;
    const gap = all * ((fromI + i) / 2) - n * below;
    sum += (equal * gap * gap) / (below * (all - below) - (all * equal) / 4);
    differentCount++;
  }
  // Of both samples the same distances, weighted by 1/n and 1/m.
  return differentCount < 2 ? null : ((all - 1) / all ** 2) * sum * (1 / n + 1 / m);
}

/** The standard deviation of the limit: of the sum of independent χ² of one degree of freedom over j (j + 1). */
const limitDeviation = Math.sqrt((2 * (Math.PI ** 2 - 9)) / 3);

/** That of so many values with no drift (Scholz and Stephens, formula 4, of two samples); NaN of fewer than four. */
function deviationOf(n: number, m: number): number {
  const all = n + m;
  const inverses = 1 / n + 1 / m;
  let h = 0;
  let g = 0;
  // g is the double sum of 1 / ((N − i) j) over i < j < N, taken from its end.
  for (let i = all - 1; i >= 1; i--) {
    if (i <= all - 2) g += h / (all - i);
    h += 1 / i;
  }
  const a = 4 * g - 6 + (10 - 6 * g) * inverses;
  const b = 4 * (2 * g - 4) + 16 * h + (2 * g - 14 * h - 4) * inverses - 8 * h + 4 * g - 6;
  const c = 4 * (6 * h + 2 * g - 2) + 2 * (4 * h - 4 * g + 6) + (2 * h - 6) * inverses + 4 * h;
  const d = 4 * (2 * h + 6) - 8 * h;
  return Math.sqrt((a * all ** 3 + b * all ** 2 + c * all + d) / ((all - 1) * (all - 2) * (all - 3)));
}

/** Below, the probability is 1 to all digits that matter. */
const negligible = 0.02;

/**
 * The probability that the sum of independent χ² of one degree of freedom over j (j + 1), j from 1 on, is larger than x. By Smirnov's
 * formula for such sums: an alternating series of integrals between the (2k − 1)th and the 2kth of the poles j (j + 1), here with
 * √(1 + 4u) = 4k + t in the place of u, and by the rule of Gauss and Chebyshev, which takes care of both ends.
 */
export function andersonDarlingTail(x: number): number {
  if (x < negligible) return 1;
  // What is far out lies close to the lower end of the first integral, and needs narrow steps.
  const nodes = Math.min(4000, 64 + Math.ceil(4 * x));
  let sum = 0;
  for (let k = 1; k <= 60; k++) {
    let part = 0;
    for (let node = 0; node < nodes; node++) {
      const t = Math.cos((Math.PI * (node + 0.5)) / nodes);
      const s = 4 * k + t;
      part +=
        Math.exp((-x * (s * s - 1)) / 8) *
        (s / Math.sqrt(s * s - 1)) *
        Math.sqrt((1 - t * t) / Math.cos((Math.PI * t) / 2));
    }
    const term = (part * Math.sqrt(Math.PI)) / nodes;
    sum += k % 2 === 1 ? term : -term;
    if (term <= 1e-17 * sum) break;
  }
  return Math.min(1, Math.max(0, sum));
}
