import { bucketCount, bucketOf, bucketsOf, type Buckets } from './monotone-buckets.ts';

/** A sample in buckets: how many values each holds, and by how much they exceed the origin in all. */
export interface BucketedSample {
  readonly values: Float64Array;
  readonly counts: Uint32Array;
  readonly sums: Float64Array;
  /** The values of opened buckets in ascending order, and where each of these begins among them. */
  inOrder(opened: Uint8Array): { readonly kept: Float64Array; readonly places: Uint32Array };
}

/**
 * Puts a sample into buckets. One that is in ascending order, as those of a reference are kept, is cut where a bucket ends: then its values are neither
 * placed one by one nor moved.
 * @param origin what sums begin at, so that values far from 0 lose no digits
 */
export const bucketedSample = (values: Float64Array, buckets: Buckets, origin: number): BucketedSample =>
  isAscending(values) ? cutSample(values, buckets, origin) : placedSample(values, buckets, origin);

function isAscending(values: Float64Array): boolean {
  for (let at = 1; at < values.length; at++) if ((values[at - 1] ?? 0) > (values[at] ?? 0)) return false;
  return true;
}

function cutSample(values: Float64Array, buckets: Buckets, origin: number): BucketedSample {
  const counts = new Uint32Array(bucketCount);
  const sums = new Float64Array(bucketCount);
  for (let from = 0; from < values.length;) {
    const bucket = bucketOf(values[from] ?? 0, buckets);
    const end = endOfBucket(values, from, bucket, buckets);
    let sum = 0;
    for (let at = from; at < end; at++) sum += (values[at] ?? 0) - origin;
    counts[bucket] = end - from;
    sums[bucket] = sum;
    from = end;
  }
  const places = startsOf(counts);
  return { values, counts, sums, inOrder: () => ({ kept: values, places }) };
}

/** The place of the first value beyond a bucket: by steps that double, then by halves. */
function endOfBucket(values: Float64Array, from: number, bucket: number, buckets: Buckets): number {
  const isInside = (at: number) => at < values.length && bucketOf(values[at] ?? 0, buckets) === bucket;
  let inside = from;
  let step = 1;
  for (; isInside(inside + step); step *= 2) inside += step;
  let beyond = inside + step;
  while (inside + 1 < beyond) {
    const middle = (inside + beyond) >> 1;
    if (isInside(middle)) inside = middle;
    else beyond = middle;
  }
  return beyond;
}

function placedSample(values: Float64Array, buckets: Buckets, origin: number): BucketedSample {
  const own = bucketsOf(values, buckets);
  const counts = new Uint32Array(bucketCount);
  const sums = new Float64Array(bucketCount);
  for (let at = 0; at < values.length; at++) {
    const bucket = own[at] ?? 0;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    sums[bucket] = (sums[bucket] ?? 0) + ((values[at] ?? 0) - origin);
  }
  return {
    values,
    counts,
    sums,
    inOrder(opened) {
      const places = startsOf(counts.map((count, bucket) => (opened[bucket] === 1 ? count : 0)));
      const kept = new Float64Array(places[bucketCount] ?? 0);
      const next = places.slice();
      for (let at = 0; at < values.length; at++) {
        const bucket = own[at] ?? 0;
        if (opened[bucket] !== 1) continue;
        const place = next[bucket] ?? 0;
        next[bucket] = place + 1;
        kept[place] = values[at] ?? 0;
      }
      for (let bucket = 0; bucket < bucketCount; bucket++)
        sortRange(kept, places[bucket] ?? 0, places[bucket + 1] ?? 0);
      return { kept, places };
    },
  };
}

/** Where each bucket begins, and last where all end. */
export function startsOf(counts: Uint32Array): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  for (let bucket = 0; bucket < counts.length; bucket++)
    starts[bucket + 1] = (starts[bucket] ?? 0) + (counts[bucket] ?? 0);
  return starts;
}

/** Fewer are put in order one by one, which takes less than to begin a sort does. */
const fewValues = 128;

/** Sorts some of the values in place. */
function sortRange(values: Float64Array, from: number, to: number): void {
  if (to - from > fewValues) {
    const some = values.subarray(from, to);
    // Of a value that comes again and again a bucket holds nothing else.
    if (!isAscending(some)) some.sort();
    return;
  }
  for (let at = from + 1; at < to; at++) {
    const value = values[at] ?? 0;
    let place = at;
    for (; place > from && (values[place - 1] ?? 0) > value; place--) values[place] = values[place - 1] ?? 0;
    values[place] = value;
  }
}
