/** How often each of the same categories, or bins, comes in each sample. */
export interface CountPair {
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/** Distances of two distributions over the same categories. Where a category is empty on one side only, some are infinite. */
export interface CountDistances {
  /** The root of the Jensen-Shannon divergence to base 2, from 0 to 1; `scipy.spatial.distance.jensenshannon(base=2)`. */
  readonly jensenShannon: number;
  /** Of the current sample from the reference, in nats; `scipy.stats.entropy(current, reference)`. */
  readonly kullbackLeibler: number;
  /** From 0 to 1. */
  readonly hellinger: number;
  /** The sum of (c − r) ln(c / r), shares below 1e-4 counting as 1e-4. */
  readonly populationStability: number;
  /** The share of rows that would have to take another category, from 0 to 1 (total variation). */
  readonly moved: number;
}

/** A smaller share counts as this one in the population stability index: Evidently's choice as well. */
const leastShare = 1e-4;

export function countDistances({ reference, current }: CountPair): CountDistances {
  const ofReference = sumOf(reference);
  const ofCurrent = sumOf(current);
  let fromMiddle = 0;
  let divergence = 0;
  let roots = 0;
  let stability = 0;
  let moved = 0;
  for (let at = 0; at < reference.length; at++) {
    const r = (reference[at] ?? 0) / ofReference;
    const c = (current[at] ?? 0) / ofCurrent;
    const middle = (r + c) / 2;
    fromMiddle += relativeEntropy(r, middle) + relativeEntropy(c, middle);
    divergence += relativeEntropy(c, r);
    roots += (Math.sqrt(c) - Math.sqrt(r)) ** 2;
    const [atLeastR, atLeastC] = [Math.max(r, leastShare), Math.max(c, leastShare)];
    stability += (atLeastC - atLeastR) * Math.log(atLeastC / atLeastR);
    moved += Math.abs(c - r);
  }
  return {
    jensenShannon: Math.sqrt(Math.max(0, fromMiddle) / Math.LN2 / 2),
    kullbackLeibler: Math.max(0, divergence),
    hellinger: Math.sqrt(roots / 2),
    populationStability: stability,
    moved: moved / 2,
  };
}

/** x ln(x / y), with as many digits where the two are close. */
function relativeEntropy(x: number, y: number): number {
  if (x === 0) return 0;
  if (y === 0) return Infinity;
  const ratio = x / y;
  return ratio > 0.5 && ratio < 2 ? x * Math.log1p((x - y) / y) : x * (Math.log(x) - Math.log(y));
}

export function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
