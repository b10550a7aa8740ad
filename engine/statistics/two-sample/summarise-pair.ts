import { bucketedSample, startsOf, type BucketedSample } from './bucketed-sample.ts';
import { compareSorted } from './compare-sorted.ts';
import type { CountPair } from './count-distances.ts';
import { histogramEdges } from './histogram-edges.ts';
import { bucketCount, bucketOf, monotoneBuckets, type Buckets } from './monotone-buckets.ts';

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
  /** Both in the same parts of equal width, which begin and end with these edges; null where there is but one value. */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: CountPair } | null;
}

const parts = 10;
/** Fewer values are sorted as they are. */
const sortedAtMost = 50_000;

/**
 * Compares two samples without sorting them whole. Both are counted into the same narrow buckets; between two ends of buckets the distance
 * of the functions can only change by what lies there. So only buckets are sorted that may hold the largest distance, a change of its sign, a
 * wanted quantile or an end of the histogram: with no or little drift a few in a hundred. In all others the area is a sum.
 * @param pair in any order and without NaN, neither empty
 */
export function summarisePair(pair: CountPair): PairSummary {
  const sample = sortedSample(pair);
  const edges = histogramEdges(sample);
  if (pair.reference.length + pair.current.length <= sortedAtMost) {
    const sorted = { reference: pair.reference.toSorted(), current: pair.current.toSorted() };
    const side = (values: Float64Array): Side => ({
      size: values.length,
      valueAt: (rank) => values[rank] ?? Number.NaN,
      upTo: (value) => placeAfter(values, value),
    });
    return withQuantiles(compareSorted(sorted), side(sorted.reference), side(sorted.current), edges);
  }
  const buckets = monotoneBuckets(sample);
  const origin = sample[sample.length >> 1] ?? 0;
  const a = bucketedSample(pair.reference, buckets, origin);
  const b = bucketedSample(pair.current, buckets, origin);
  const asked = new Set(edges?.map((edge) => bucketOf(edge, buckets)));
  const opened = openedBuckets(a, b, { buckets, origin, asked });
  const [sideA, sideB] = [orderedSide(a, buckets, opened), orderedSide(b, buckets, opened)];
  return withQuantiles(walk(sideA, sideB, { buckets, origin, opened }), sideA, sideB, edges);
}

const sampledOfEach = 4096;

/** Some finite values of both, evenly spread over the rows of each, in ascending order. */
function sortedSample({ reference, current }: CountPair): Float64Array {
  const some = [reference, current].flatMap((values) => {
    const stride = Math.max(1, Math.floor(values.length / sampledOfEach));
    const sampled: number[] = [];
    for (let at = 0; at < values.length; at += stride) {
      const value = values[at] ?? 0;
      if (Number.isFinite(value)) sampled.push(value);
    }
    return sampled;
  });
  return Float64Array.from(some).sort();
}

/** A sample that can be asked for its values by rank and for ranks by value. */
interface Side {
  readonly size: number;
  valueAt(rank: number): number;
  /** How many values are at most this one. */
  upTo(value: number): number;
}

function withQuantiles(
  { distance, at, wasserstein }: Pick<PairSummary, 'distance' | 'at' | 'wasserstein'>,
  a: Side,
  b: Side,
  edges: readonly number[] | null,
): PairSummary {
  const last = a.valueAt(a.size - 1);
  const deciles = Float64Array.from(
    [...new Set(decileRanks(a.size).map((rank) => a.valueAt(rank)))].filter((value) => value !== last),
  );
  const counts = ({ size, upTo }: Side, ends: readonly number[]) => {
    const places = [0, ...ends.map(upTo), size];
    return Float64Array.from(places.slice(1), (place, part) => place - (places[part] ?? 0));
  };
  const ofBoth = (ends: readonly number[]) => ({ reference: counts(a, ends), current: counts(b, ends) });
  const share = ({ size, upTo }: Side) => (Number.isNaN(at) ? Number.NaN : upTo(at) / size);
  return {
    distance,
    at,
    wasserstein,
    upTo: { reference: share(a), current: share(b) },
    median: { reference: a.valueAt(a.size >> 1), current: b.valueAt(b.size >> 1) },
    deciles,
    counts: ofBoth([...deciles]),
    histogram: edges && { edges, counts: ofBoth(edges.slice(1, -1)) },
  };
}

const decileRanks = (size: number): number[] =>
  Array.from({ length: parts - 1 }, (_, at) => Math.ceil(((at + 1) * size) / parts) - 1);

/** Buckets that have to be sorted: beside those that are asked for or may hold something wanted, those whose sum no double may hold. */
function openedBuckets(
  a: BucketedSample,
  b: BucketedSample,
  { buckets: { edges }, origin, asked }: { buckets: Buckets; origin: number; asked: ReadonlySet<number> },
): Uint8Array {
  const [n, m] = [a.values.length, b.values.length];
  const opened = new Uint8Array(bucketCount);
  const wantedOfA = [...decileRanks(n), n >> 1, n - 1].toSorted((one, other) => one - other);
  let largest = 0;
  for (let bucket = 0, i = 0, j = 0; bucket < bucketCount; bucket++) {
    i += a.counts[bucket] ?? 0;
    j += b.counts[bucket] ?? 0;
    largest = Math.max(largest, Math.abs(i / n - j / m));
  }
  // The same gap comes out otherwise in its last digits where it is added up.
  const nearlyLargest = largest * (1 - 1e-12);
  for (let bucket = 0, i = 0, j = 0, wanted = 0; bucket < bucketCount; bucket++) {
    const gap = i / n - j / m;
    const inA = a.counts[bucket] ?? 0;
    const inB = b.counts[bucket] ?? 0;
    const most = gap + inA / n;
    const least = gap - inB / m;
    let isWanted = asked.has(bucket) || (m >> 1 >= j && m >> 1 < j + inB);
    for (; (wantedOfA[wanted] ?? n) < i + inA; wanted++) isWanted = true;
    const [begin, end] = [edges[bucket] ?? -Infinity, edges[bucket + 1] ?? Infinity];
    const isSummed = Number.isFinite((inA + inB) * (Math.abs(begin - origin) + Math.abs(end - origin)));
    if (isWanted || !isSummed || most >= nearlyLargest || -least >= nearlyLargest || (most > 0 && least < 0))
      opened[bucket] = 1;
    i += inA;
    j += inB;
  }
  return opened;
}

interface Ordered extends BucketedSample, Side {
  /** The values of opened buckets in ascending order, and where each of these begins among them. */
  readonly kept: Float64Array;
  readonly places: Uint32Array;
}

/** A side that tells of opened buckets. */
function orderedSide(sample: BucketedSample, buckets: Buckets, opened: Uint8Array): Ordered {
  const before = startsOf(sample.counts);
  const { kept, places } = sample.inOrder(opened);
  return {
    ...sample,
    kept,
    places,
    size: sample.values.length,
    valueAt(rank) {
      const bucket = placeAfter(before, rank) - 1;
      return kept[(places[bucket] ?? 0) + rank - (before[bucket] ?? 0)] ?? Number.NaN;
    },
    upTo(value) {
      const bucket = bucketOf(value, buckets);
      const place = places[bucket] ?? 0;
      const inside = kept.subarray(place, place + (sample.counts[bucket] ?? 0));
      return (before[bucket] ?? 0) + placeAfter(inside, value);
    },
  };
}

/** From bucket to bucket, value by value where one is opened. */
function walk(
  a: Ordered,
  b: Ordered,
  { buckets: { edges }, origin, opened }: { buckets: Buckets; origin: number; opened: Uint8Array },
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
    if (opened[bucket] !== 1) {
      const end = edges[bucket + 1] ?? Infinity;
      const inside =
        (inA * (end - origin) - (a.sums[bucket] ?? 0)) / n -
        (inB * (end - origin) - (b.sums[bucket] ?? 0)) / m;
      area += Math.abs((i + j > 0 ? gap * (end - last) : 0) + inside);
      i += inA;
      j += inB;
      gap = i / n - j / m;
      last = end;
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
      isFinite &&= Number.isFinite(value);
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
