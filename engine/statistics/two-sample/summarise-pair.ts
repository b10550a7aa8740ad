import { compareSorted } from './compare-sorted.ts';
import type { CountPair } from './count-distances.ts';
import { bucketCount, monotoneBuckets } from './monotone-buckets.ts';

/** What two samples of numbers say of each other, exactly. */
export interface PairSummary {
  /** The largest distance of the two distribution functions, and the value up to which the shares differ by it; NaN for none. */
  readonly distance: number;
  readonly at: number;
  /** The shares up to that value. */
  readonly upTo: { readonly reference: number; readonly current: number };
  /** The area between the two functions; NaN where a value is infinite. */
  readonly wasserstein: number;
  /** The middle values, of two the upper. */
  readonly median: { readonly reference: number; readonly current: number };
  /** Values of the reference with a tenth of it each between them, each once, the largest of all left out. */
  readonly deciles: Float64Array;
  /** How many values lie up to each decile and above the one before; the last are those above all. */
  readonly counts: CountPair;
}

const parts = 10;
/** Fewer values are sorted as they are. */
const sortedAtMost = 50_000;

/**
 * Compares two samples without sorting them whole. Both are counted into the same narrow buckets; between two ends of buckets the distance
 * of the functions can only change by what lies there. So only buckets are sorted that may hold the largest distance, a change of its sign
 * or a wanted quantile: with no or little drift a few in a hundred. In all others the area is a sum.
 * @param pair in any order and without NaN, neither empty
 */
export function summarisePair(pair: CountPair): PairSummary {
  if (pair.reference.length + pair.current.length <= sortedAtMost) {
    const sorted = { reference: pair.reference.toSorted(), current: pair.current.toSorted() };
    const { distance, at, wasserstein } = compareSorted(sorted);
    const side = (values: Float64Array): Side => ({
      size: values.length,
      valueAt: (rank) => values[rank] ?? Number.NaN,
      upTo: (value) => placeAfter(values, value),
    });
    return withQuantiles({ distance, at, wasserstein }, side(sorted.reference), side(sorted.current));
  }
  const bucketOf = monotoneBuckets([pair.reference, pair.current]);
  const origin = Number.isFinite(pair.reference[0]) ? (pair.reference[0] ?? 0) : 0;
  const a = countedSide(pair.reference, bucketOf, origin);
  const b = countedSide(pair.current, bucketOf, origin);
  const opened = openedBuckets(a, b);
  const [sideA, sideB] = [orderedSide(a, opened), orderedSide(b, opened)];
  return withQuantiles(walk(sideA, sideB, origin), sideA, sideB);
}

/** A sample that can be asked for its values by rank and for ranks by value. */
interface Side {
  readonly size: number;
  valueAt(rank: number): number;
  /** How many values are at most this one. */
  upTo(value: number): number;
}

function withQuantiles(
  found: Pick<PairSummary, 'distance' | 'at' | 'wasserstein'>,
  a: Side,
  b: Side,
): PairSummary {
  const last = a.valueAt(a.size - 1);
  const deciles = Float64Array.from(
    [...new Set(decileRanks(a.size).map((rank) => a.valueAt(rank)))].filter((value) => value !== last),
  );
  const counts = ({ size, upTo }: Side) => {
    const places = [0, ...[...deciles].map(upTo), size];
    return Float64Array.from(places.slice(1), (place, at) => place - (places[at] ?? 0));
  };
  const share = ({ size, upTo }: Side) => (Number.isNaN(found.at) ? Number.NaN : upTo(found.at) / size);
  return {
    ...found,
    upTo: { reference: share(a), current: share(b) },
    median: { reference: a.valueAt(a.size >> 1), current: b.valueAt(b.size >> 1) },
    deciles,
    counts: { reference: counts(a), current: counts(b) },
  };
}

const decileRanks = (size: number): number[] =>
  Array.from({ length: parts - 1 }, (_, at) => Math.ceil(((at + 1) * size) / parts) - 1);

interface Counted {
  readonly values: Float64Array;
  /** The bucket of each value. */
  readonly buckets: Uint16Array;
  readonly counts: Uint32Array;
  /** Of each bucket, by how much its values exceed the origin. */
  readonly sums: Float64Array;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
}

function countedSide(values: Float64Array, bucketOf: (value: number) => number, origin: number): Counted {
  const buckets = new Uint16Array(values.length);
  const counts = new Uint32Array(bucketCount);
  const sums = new Float64Array(bucketCount);
  const lowest = new Float64Array(bucketCount).fill(Infinity);
  const highest = new Float64Array(bucketCount).fill(-Infinity);
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    const bucket = bucketOf(value);
    buckets[at] = bucket;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    sums[bucket] = (sums[bucket] ?? 0) + (value - origin);
    if (value < (lowest[bucket] ?? 0)) lowest[bucket] = value;
    if (value > (highest[bucket] ?? 0)) highest[bucket] = value;
  }
  return { values, buckets, counts, sums, lowest, highest };
}

/** Buckets that have to be sorted. One of a single value is in order as it is. */
function openedBuckets(a: Counted, b: Counted): Uint8Array {
  const [n, m] = [a.values.length, b.values.length];
  const opened = new Uint8Array(bucketCount);
  const wantedOfA = new Set([...decileRanks(n), n >> 1]);
  let largest = 0;
  for (let bucket = 0, i = 0, j = 0; bucket < bucketCount; bucket++) {
    i += a.counts[bucket] ?? 0;
    j += b.counts[bucket] ?? 0;
    largest = Math.max(largest, Math.abs(i / n - j / m));
  }
  for (let bucket = 0, i = 0, j = 0; bucket < bucketCount; bucket++) {
    const [inA, inB] = [a.counts[bucket] ?? 0, b.counts[bucket] ?? 0];
    const gap = i / n - j / m;
    const most = gap + inA / n;
    const least = gap - inB / m;
    const isOne = lowestOf(a, b, bucket) === highestOf(a, b, bucket);
    const isWanted =
      (m >> 1 >= j && m >> 1 < j + inB) || [...wantedOfA].some((rank) => rank >= i && rank < i + inA);
    if (!isOne && inA + inB > 0 && (isWanted || Math.max(most, -least) >= largest || (most > 0 && least < 0)))
      opened[bucket] = 1;
    i += inA;
    j += inB;
  }
  return opened;
}

const lowestOf = (a: Counted, b: Counted, bucket: number): number =>
  Math.min(a.lowest[bucket] ?? 0, b.lowest[bucket] ?? 0);
const highestOf = (a: Counted, b: Counted, bucket: number): number =>
  Math.max(a.highest[bucket] ?? 0, b.highest[bucket] ?? 0);

interface Ordered extends Counted, Side {
  /** The values of an opened bucket in ascending order; null for another one. */
  opened(bucket: number): Float64Array | null;
}

function orderedSide(counted: Counted, opened: Uint8Array): Ordered {
  const { values, buckets, counts, lowest, highest } = counted;
  const before = new Uint32Array(bucketCount + 1);
  const places = new Uint32Array(bucketCount + 1);
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const count = counts[bucket] ?? 0;
    before[bucket + 1] = (before[bucket] ?? 0) + count;
    places[bucket + 1] = (places[bucket] ?? 0) + (opened[bucket] === 1 ? count : 0);
  }
  const kept = new Float64Array(places[bucketCount] ?? 0);
  const next = places.slice();
  for (let at = 0; at < values.length; at++) {
    const bucket = buckets[at] ?? 0;
    if (opened[bucket] !== 1) continue;
    const place = next[bucket] ?? 0;
    next[bucket] = place + 1;
    kept[place] = values[at] ?? 0;
  }
  const openedValues = (bucket: number) =>
    opened[bucket] === 1 ? kept.subarray(places[bucket], places[bucket + 1]) : null;
  for (let bucket = 0; bucket < bucketCount; bucket++) openedValues(bucket)?.sort();
  /** The last bucket for which something holds that holds for all before it. */
  const bucketWhere = (isBefore: (bucket: number) => boolean) => {
    let found = 0;
    for (let bucket = 0; bucket < bucketCount; bucket++)
      if ((counts[bucket] ?? 0) > 0 && isBefore(bucket)) found = bucket;
    return found;
  };
  return {
    ...counted,
    size: values.length,
    opened: openedValues,
    valueAt(rank) {
      const bucket = bucketWhere((each) => (before[each] ?? 0) <= rank);
      return openedValues(bucket)?.[rank - (before[bucket] ?? 0)] ?? highest[bucket] ?? Number.NaN;
    },
    upTo(value) {
      const bucket = bucketWhere((each) => (lowest[each] ?? 0) <= value);
      if ((lowest[bucket] ?? 0) > value) return 0;
      const own = openedValues(bucket);
      return (before[bucket] ?? 0) + (own === null ? (counts[bucket] ?? 0) : placeAfter(own, value));
    },
  };
}

/** From bucket to bucket, value by value where one is opened. */
function walk(a: Ordered, b: Ordered, origin: number): Pick<PairSummary, 'distance' | 'at' | 'wasserstein'> {
  const [n, m] = [a.size, b.size];
  let distance = 0;
  let at = Number.NaN;
  let area = 0;
  let last = Number.NaN;
  let i = 0;
  let j = 0;
  const reach = (value: number) => {
    const gap = Math.abs(i / n - j / m);
    if (gap > distance) {
      distance = gap;
      at = value;
    }
    last = value;
  };
  let isFinite = true;
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const [inA, inB] = [a.counts[bucket] ?? 0, b.counts[bucket] ?? 0];
    if (inA + inB === 0) continue;
    const end = highestOf(a, b, bucket);
    isFinite &&= Number.isFinite(end) && Number.isFinite(lowestOf(a, b, bucket));
    const ofA = a.opened(bucket);
    const ofB = b.opened(bucket);
    if (ofA === null || ofB === null) {
      const gap = i / n - j / m;
      const inside = (side: Ordered, count: number) =>
        (count * (end - origin) - (side.sums[bucket] ?? 0)) / side.size;
      const isOne = lowestOf(a, b, bucket) === end;
      if (i + j > 0) area += Math.abs(gap * (end - last) + (isOne ? 0 : inside(a, inA) - inside(b, inB)));
      else if (!isOne) area += Math.abs(inside(a, inA) - inside(b, inB));
      i += inA;
      j += inB;
      reach(end);
      continue;
    }
    for (let x = 0, y = 0; x < inA || y < inB;) {
      const value = Math.min(x < inA ? (ofA[x] ?? 0) : Infinity, y < inB ? (ofB[y] ?? 0) : Infinity);
      if (i !== 0 || j !== 0) area += Math.abs(i / n - j / m) * (value - last);
      const [fromX, fromY] = [x, y];
      while (x < inA && ofA[x] === value) x++;
      while (y < inB && ofB[y] === value) y++;
      i += x - fromX;
      j += y - fromY;
      reach(value);
    }
  }
  return { distance, at, wasserstein: isFinite ? area : Number.NaN };
}

/** How many values of an ascending array are at most this one. */
function placeAfter(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
