export const bucketCount = 16_384;
const cells = bucketCount / 4;
const sampledOfEach = 4096;

/** Where the buckets lie: see monotoneBuckets. */
export interface Buckets {
  readonly low: number;
  /** Cells in a unit of the values. */
  readonly scale: number;
  /** The first bucket of each cell, and where the last one ends. */
  readonly starts: Uint16Array;
}

/** A sample in buckets. */
export interface CountedSample {
  readonly values: Float64Array;
  /** The bucket of each value. */
  readonly buckets: Uint16Array;
  readonly counts: Uint32Array;
  /** Of each bucket, by how much its values exceed the origin. */
  readonly sums: Float64Array;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
}

/**
 * Puts numbers into buckets of about as many each, without sorting them: a number is never in a lower bucket than a smaller one. A sample
 * tells how dense the numbers lie in each of as many cells of equal width; within its cell a number is placed by a straight line.
 */
export function monotoneBuckets(sides: readonly Float64Array[]): Buckets {
  const sample = sides.flatMap((values) => {
    const stride = Math.max(1, Math.floor(values.length / sampledOfEach));
    const some: number[] = [];
    for (let at = 0; at < values.length; at += stride) {
      const value = values[at] ?? 0;
      if (Number.isFinite(value)) some.push(value);
    }
    return some;
  });
  const sorted = Float64Array.from(sample).sort();
  const low = sorted[0] ?? 0;
  const width = (sorted.at(-1) ?? 0) - low;
  // Of one value alone, or a range that no double holds, the cells are as narrow and as wide as may be.
  const scale = Math.max(cells / Number.MAX_VALUE, Math.min(cells / width, Number.MAX_VALUE));
  // Every cell has a bucket, and what is left of them goes by the sample; the first and the last are for what lies outside.
  const starts = new Uint16Array(cells + 1);
  const shared = bucketCount - 2 - cells;
  for (let cell = 0, seen = 0; cell <= cells; cell++) {
    while (seen < sorted.length && ((sorted[seen] ?? 0) - low) * scale < cell) seen++;
    starts[cell] = 1 + cell + Math.floor((seen * shared) / Math.max(1, sorted.length));
  }
  return { low, scale, starts };
}

/** Puts a sample into buckets, and sums each up. @param origin what sums begin at, so that values far from 0 lose no digits */
export function countInBuckets(
  values: Float64Array,
  { low, scale, starts }: Buckets,
  origin: number,
): CountedSample {
  const buckets = new Uint16Array(values.length);
  // Two loops with nothing called in them take half of the time of one that does both.
  for (let at = 0; at < values.length; at++) {
    const place = ((values[at] ?? 0) - low) * scale;
    if (place >= cells) buckets[at] = bucketCount - 1;
    else if (place >= 0) {
      const cell = place | 0;
      const start = starts[cell] ?? 0;
      buckets[at] = start + (((place - cell) * ((starts[cell + 1] ?? 0) - start)) | 0);
    }
  }
  const counts = new Uint32Array(bucketCount);
  const sums = new Float64Array(bucketCount);
  const lowest = new Float64Array(bucketCount).fill(Infinity);
  const highest = new Float64Array(bucketCount).fill(-Infinity);
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    const bucket = buckets[at] ?? 0;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    sums[bucket] = (sums[bucket] ?? 0) + (value - origin);
    if (value < (lowest[bucket] ?? 0)) lowest[bucket] = value;
    if (value > (highest[bucket] ?? 0)) highest[bucket] = value;
  }
  return { values, buckets, counts, sums, lowest, highest };
}
