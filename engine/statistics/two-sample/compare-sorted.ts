/** Two samples of numbers, each in ascending order and without NaN; neither is empty. */
export interface SortedPair {
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/** What one pass over both samples tells of them. */
export interface SortedComparison {
  /** The largest distance between the two distribution functions (Kolmogorov and Smirnov), from 0 to 1. */
  readonly distance: number;
  /** Where it lies: the share of values up to and with this one differs by it. */
  readonly at: number;
  /** True where the current sample has the smaller share up to `at`: its values are larger. */
  readonly isLarger: boolean;
  /** The area between the two functions, in the unit of the values (Wasserstein, of order 1); NaN where a value is infinite. */
  readonly wasserstein: number;
  /** Anderson's T of Cramér and von Mises (1962), with mid-ranks for equal values. */
  readonly cramerVonMises: number;
  /** Anderson's U, which T is made of. */
  readonly rankSquares: number;
}

export function compareSorted({ reference: a, current: b }: SortedPair): SortedComparison {
  const n = a.length;
  const m = b.length;
  let above = 0;
  let aboveAt = Number.NaN;
  let below = 0;
  let belowAt = Number.NaN;
  let area = 0;
  let squaresOfA = 0;
  let squaresOfB = 0;
  let i = 0;
  let j = 0;
  let gap = 0;
  let last = Number.NaN;
  while (i < n || j < m) {
    const x = i < n ? (a[i] ?? 0) : Infinity;
    const y = j < m ? (b[j] ?? 0) : Infinity;
    const value = x < y ? x : y;
    if (gap !== 0) area += Math.abs(gap) * (value - last);
    const fromI = i;
    const fromJ = j;
    while (i < n && a[i] === value) i++;
    while (j < m && b[j] === value) j++;
    const middle = (i - fromI + j - fromJ + 1) / 2;
    squaresOfA += squares(fromJ + middle, i - fromI);
    squaresOfB += squares(fromI + middle, j - fromJ);
    gap = i / n - j / m;
    if (gap > above) {
      above = gap;
      aboveAt = value;
    } else if (-gap > below) {
      below = -gap;
      belowAt = value;
    }
    last = value;
  }
  const isFinite =
    Number.isFinite(Math.min(a[0] ?? 0, b[0] ?? 0)) &&
    Number.isFinite(Math.max(a[n - 1] ?? 0, b[m - 1] ?? 0));
  const pairs = n * m;
  const rankSquares = n * squaresOfA + m * squaresOfB;
  const isLarger = above >= below;
  return {
    distance: isLarger ? above : below,
    at: isLarger ? aboveAt : belowAt,
    isLarger,
    wasserstein: isFinite ? area : Number.NaN,
    cramerVonMises: rankSquares / (pairs * (n + m)) - (4 * pairs - 1) / (6 * (n + m)),
    rankSquares,
  };
}

/** (s − 1)² + (s − 2)² + … for so many values of equal rank. */
const squares = (s: number, count: number): number =>
  count === 1 ? (s - 1) ** 2 : count * s * (s - (count + 1)) + (count * (count + 1) * (2 * count + 1)) / 6;
