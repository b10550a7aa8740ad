/** A column of numbers, NaN where a row has none. */
export interface OrderedNumbers {
  readonly values: Float64Array;
  /** The rows that have a number, in the order of their values. */
  readonly order: Uint32Array;
  readonly ranks: Float64Array;
}

/** Sorts a column once for all the others that it is held against. */
export function orderedNumbers(values: Float64Array): OrderedNumbers {
  const order = Uint32Array.from(values, (_, at) => at)
    .filter((at) => !Number.isNaN(values[at]))
    .sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  return { values, order, ranks: ranksOf(values, order) };
}

/**
 * Pearson's correlation over the places at which both hold a number; NaN for fewer than two of them, or where one side is constant.
 * `scipy.stats.pearsonr`.
 */
export function pearsonCorrelation(a: Float64Array, b: Float64Array): number {
  const isInBoth = (at: number) => !Number.isNaN(a[at]) && !Number.isNaN(b[at]);
  let n = 0;
  let [sumA, sumB] = [0, 0];
  for (let at = 0; at < a.length; at++) {
    if (!isInBoth(at)) continue;
    n++;
    sumA += a[at] ?? 0;
    sumB += b[at] ?? 0;
  }
  if (n < 2) return Number.NaN;
  const [meanA, meanB] = [sumA / n, sumB / n];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    if (!isInBoth(at)) continue;
    const x = (a[at] ?? 0) - meanA;
    const y = (b[at] ?? 0) - meanB;
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  const r = both / (Math.sqrt(squaresA) * Math.sqrt(squaresB));
  return Math.max(-1, Math.min(1, r));
}

/** Spearman's: Pearson's of the ranks, equal values sharing their middle rank. `scipy.stats.spearmanr`. */
export const spearmanCorrelation = (a: OrderedNumbers, b: OrderedNumbers): number =>
  pearsonCorrelation(ranksBeside(a, b), ranksBeside(b, a));

/** The ranks among the rows in which both have a number: its own where the other has one in every row. */
function ranksBeside(own: OrderedNumbers, other: OrderedNumbers): Float64Array {
  if (other.order.length === other.values.length) return own.ranks;
  const both = own.order.filter((at) => !Number.isNaN(other.values[at]));
  return ranksOf(own.values, both);
}

/** From 1 on; equal values have the mean of their places. NaN for a row that is not in the order. */
function ranksOf(values: Float64Array, order: Uint32Array): Float64Array {
  const ranks = new Float64Array(values.length).fill(Number.NaN);
  for (let from = 0; from < order.length;) {
    const value = values[order[from] ?? 0];
    let to = from + 1;
    while (to < order.length && values[order[to] ?? 0] === value) to++;
    for (let at = from; at < to; at++) ranks[order[at] ?? 0] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}
