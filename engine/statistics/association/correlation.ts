/**
 * Pearson's correlation over the places at which both hold a number; NaN for fewer than two of them, or where one side is constant.
 * `scipy.stats.pearsonr`.
 */
export function pearsonCorrelation(a: Float64Array, b: Float64Array): number {
  return ofPairs(bothThere(a, b));
}

/** Spearman's: Pearson's of the ranks, equal values sharing their middle rank. `scipy.stats.spearmanr`. */
export function spearmanCorrelation(a: Float64Array, b: Float64Array): number {
  const both = bothThere(a, b);
  return ofPairs({ a: ranksOf(both.a), b: ranksOf(both.b) });
}

interface Pairs {
  readonly a: Float64Array;
  readonly b: Float64Array;
}

function bothThere(a: Float64Array, b: Float64Array): Pairs {
  const isThere = (_: number, at: number) => !Number.isNaN(a[at]) && !Number.isNaN(b[at]);
  return { a: a.filter(isThere), b: b.filter(isThere) };
}

function ofPairs({ a, b }: Pairs): number {
  const n = a.length;
  if (n < 2) return Number.NaN;
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value / n, 0);
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (let at = 0; at < n; at++) {
    const x = (a[at] ?? 0) - meanA;
    const y = (b[at] ?? 0) - meanB;
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  const r = both / (Math.sqrt(squaresA) * Math.sqrt(squaresB));
  return Math.max(-1, Math.min(1, r));
}

/** From 1 on; equal values have the mean of their places. */
function ranksOf(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, at) => at).sort((x, y) => (values[x] ?? 0) - (values[y] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to++;
    for (let at = from; at < to; at++) ranks[order[at] ?? 0] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}
