import { compareSorted } from './compare-sorted.ts';
import type { CountPair } from './count-distances.ts';
import { bucketCount, countInBuckets, monotoneBuckets, type CountedSample } from './monotone-buckets.ts';

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
  const buckets = monotoneBuckets([pair.reference, pair.current]);
  const origin = Number.isFinite(pair.reference[0]) ? (pair.reference[0] ?? 0) : 0;
  const a = countInBuckets(pair.reference, buckets, origin);
  const b = countInBuckets(pair.current, buckets, origin);
  const opened = openedBuckets(a, b, origin);
  const [sideA, sideB] = [orderedSide(a, opened), orderedSide(b, opened)];
  return withQuantiles(walk(sideA, sideB, opened, origin), sideA, sideB);
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

/** Buckets that have to be sorted. One of a single value is in order as it is; one whose sum no double may hold is not summed up. */
function openedBuckets(a: CountedSample, b: CountedSample, origin: number): Uint8Array {
  const [n, m] = [a.values.length, b.values.length];
  const opened = new Uint8Array(bucketCount);
  const wantedOfA = [...decileRanks(n), n >> 1].toSorted((one, other) => one - other);
  let largest = 0;
  for (let bucket = 0, i = 0, j = 0; bucket < bucketCount; bucket++) {
    i += a.counts[bucket] ?? 0;
    j += b.counts[bucket] ?? 0;
    largest = Math.max(largest, Math.abs(i / n - j / m));
  }
  for (let bucket = 0, i = 0, j = 0, wanted = 0; bucket < bucketCount; bucket++) {
    const gap = i / n - j / m;
    const inA = a.counts[bucket] ?? 0;
    const inB = b.counts[bucket] ?? 0;
    const most = gap + inA / n;
    const least = gap - inB / m;
    let isWanted = m >> 1 >= j && m >> 1 < j + inB;
    for (; (wantedOfA[wanted] ?? n) < i + inA; wanted++) isWanted = true;
    const low = lowestOf(a, b, bucket);
    const high = highestOf(a, b, bucket);
    const isSummed = Number.isFinite((inA + inB) * (Math.abs(low - origin) + Math.abs(high - origin)));
    if (isWanted || !isSummed || most >= largest || -least >= largest || (most > 0 && least < 0))
      opened[bucket] = inA + inB > 0 && low !== high ? 1 : 0;
    i += inA;
    j += inB;
  }
  return opened;
}

const lowestOf = (a: CountedSample, b: CountedSample, bucket: number): number =>
  Math.min(a.lowest[bucket] ?? 0, b.lowest[bucket] ?? 0);
const highestOf = (a: CountedSample, b: CountedSample, bucket: number): number =>
  Math.max(a.highest[bucket] ?? 0, b.highest[bucket] ?? 0);

interface Ordered extends CountedSample, Side {
  /** The values of opened buckets in ascending order. */
  readonly kept: Float64Array;
  /** Where each bucket begins among them. */
  readonly places: Uint32Array;
}

function orderedSide(counted: CountedSample, opened: Uint8Array): Ordered {
  const { values, buckets, counts, highest } = counted;
  const before = new Uint32Array(bucketCount + 1);
  const places = new Uint32Array(bucketCount + 1);
  const upToHere = new Float64Array(bucketCount);
  for (let bucket = 0, most = -Infinity; bucket < bucketCount; bucket++) {
    const count = counts[bucket] ?? 0;
    before[bucket + 1] = (before[bucket] ?? 0) + count;
    places[bucket + 1] = (places[bucket] ?? 0) + (opened[bucket] === 1 ? count : 0);
    most = Math.max(most, highest[bucket] ?? 0);
    upToHere[bucket] = most;
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
  for (let bucket = 0; bucket < bucketCount; bucket++)
    sortRange(kept, places[bucket] ?? 0, places[bucket + 1] ?? 0);
  return {
    ...counted,
    kept,
    places,
    size: values.length,
    valueAt(rank) {
      const bucket = placeAfter(before, rank) - 1;
      return opened[bucket] === 1
        ? (kept[(places[bucket] ?? 0) + rank - (before[bucket] ?? 0)] ?? Number.NaN)
        : (highest[bucket] ?? Number.NaN);
    },
    upTo(value) {
      const bucket = placeAfter(upToHere, value);
      return (before[bucket] ?? 0) + placeAfter(kept.subarray(places[bucket], places[bucket + 1]), value);
    },
  };
}

/** From bucket to bucket, value by value where one is opened. */
function walk(
  a: Ordered,
  b: Ordered,
  opened: Uint8Array,
  origin: number,
): Pick<PairSummary, 'distance' | 'at' | 'wasserstein'> {
  const [n, m] = [a.size, b.size];
  let distance = 0;
  let at = Number.NaN;
  let area = 0;
  let last = Number.NaN;
  let gap = 0;
  let i = 0;
  let j = 0;
  let isFinite = true;
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const inA = a.counts[bucket] ?? 0;
    const inB = b.counts[bucket] ?? 0;
    if (inA + inB === 0) continue;
    const end = highestOf(a, b, bucket);
    const begin = lowestOf(a, b, bucket);
    isFinite &&= Number.isFinite(end) && Number.isFinite(begin);
    if (opened[bucket] !== 1) {
      const inside =
        begin === end
          ? 0
          : (inA * (end - origin) - (a.sums[bucket] ?? 0)) / n -
            (inB * (end - origin) - (b.sums[bucket] ?? 0)) / m;
      area += Math.abs((i + j > 0 ? gap * (end - last) : 0) + inside);
      i += inA;
      j += inB;
      gap = i / n - j / m;
      last = end;
      if (Math.abs(gap) > distance) {
        distance = Math.abs(gap);
        at = end;
      }
      continue;
    }
    let x = a.places[bucket] ?? 0;
    let y = b.places[bucket] ?? 0;
    const endOfA = x + inA;
    const endOfB = y + inB;
    while (x < endOfA || y < endOfB) {
      const ofA = x < endOfA ? (a.kept[x] ?? 0) : Infinity;
      const ofB = y < endOfB ? (b.kept[y] ?? 0) : Infinity;
      const value = ofA < ofB ? ofA : ofB;
      if (i + j > 0) area += Math.abs(gap) * (value - last);
      const fromX = x;
      const fromY = y;
      while (x < endOfA && a.kept[x] === value) x++;
      while (y < endOfB && b.kept[y] === value) y++;
      i += x - fromX;
      j += y - fromY;
      gap = i / n - j / m;
      last = value;
      if (Math.abs(gap) > distance) {
        distance = Math.abs(gap);
        at = value;
      }
    }
  }
  return { distance, at, wasserstein: isFinite ? area : Number.NaN };
}

/** How many values of an ascending array are at most this one. */
function placeAfter(sorted: Float64Array | Uint32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Fewer are put in order one by one, which takes less than to begin a sort does. */
const fewValues = 128;

/** Sorts some of the values in place. */
function sortRange(values: Float64Array, from: number, to: number): void {
  if (to - from > fewValues) {
    values.subarray(from, to).sort();
    return;
  }
  for (let at = from + 1; at < to; at++) {
    const value = values[at] ?? 0;
    let place = at;
    for (; place > from && (values[place - 1] ?? 0) > value; place--) values[place] = values[place - 1] ?? 0;
    values[place] = value;
  }
}
