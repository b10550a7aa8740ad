export const bucketCount = 16_384;
const cells = bucketCount / 4;

/** Where the buckets lie: see monotoneBuckets. */
export interface Buckets {
  readonly low: number;
  /** Cells in a unit of the values. */
  readonly scale: number;
  /** The first bucket of each cell, and where the last one ends. */
  readonly starts: Uint16Array;
  /** Where each bucket begins, but for the last digits; nothing bounds the first and the last, which hold what lies outside. */
  readonly edges: Float64Array;
}

/**
 * Puts numbers into buckets of about as many each, without sorting them: a number is never in a lower bucket than a smaller one. A sample
 * tells how dense the numbers lie in each of as many cells of equal width; within its cell a number is placed by a straight line.
 * @param sorted some of the numbers, all finite, in ascending order
 */
export function monotoneBuckets(sorted: Float64Array): Buckets {
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
  const edges = new Float64Array(bucketCount).fill(-Infinity);
  for (let cell = 0; cell <= cells; cell++) {
    const start = starts[cell] ?? 0;
    const count = (starts[cell + 1] ?? start + 1) - start;
    for (let at = 0; at < count; at++) edges[start + at] = low + (cell + at / count) / scale;
  }
  return { low, scale, starts, edges };
}

/** The bucket of a number. */
export const bucketOf = (value: number, { low, scale, starts }: Buckets): number =>
  bucketAt((value - low) * scale, starts);

/** The bucket of each of many. */
export function bucketsOf(values: Float64Array, { low, scale, starts }: Buckets): Uint16Array {
  const buckets = new Uint16Array(values.length);
  for (let at = 0; at < values.length; at++)
    buckets[at] = bucketAt(((values[at] ?? 0) - low) * scale, starts);
  return buckets;
}

/** @param place in cells from the lowest on */
function bucketAt(place: number, starts: Uint16Array): number {
  if (place >= cells) return bucketCount - 1;
  if (!(place >= 0)) return 0;
  const cell = place | 0;
  const start = starts[cell] ?? 0;
  return start + (((place - cell) * ((starts[cell + 1] ?? 0) - start)) | 0);
}
