export const bucketCount = 8192;
const cells = 2048;
const sampledOfEach = 2048;

/**
 * Puts numbers into buckets of about as many each, without sorting them: a number is never in a lower bucket than a smaller one. A sample
 * tells how dense the numbers lie in each of as many cells of equal width; within its cell a number is placed by a straight line.
 */
export function monotoneBuckets(sides: readonly Float64Array[]): (value: number) => number {
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
  const high = sorted.at(-1) ?? 0;
  const width = high - low;
  const scale = width > 0 && Number.isFinite(cells / width) && Number.isFinite(width) ? cells / width : 0;
  // Every cell has a bucket, and what is left of them goes by the sample; the first and the last are for what lies outside.
  const starts = new Uint32Array(cells + 1);
  const shared = bucketCount - 2 - cells;
  for (let cell = 0, seen = 0; cell <= cells; cell++) {
    while (seen < sorted.length && ((sorted[seen] ?? 0) - low) * scale < cell) seen++;
    starts[cell] = 1 + cell + Math.floor((seen * shared) / Math.max(1, sorted.length));
  }
  if (scale === 0) return (value) => (value < low ? 0 : value > high ? bucketCount - 1 : 1);
  return (value) => {
    const place = (value - low) * scale;
    if (!(place >= 0)) return 0;
    if (place >= cells) return bucketCount - 1;
    const cell = Math.floor(place);
    const start = starts[cell] ?? 0;
    const own = (starts[cell + 1] ?? 0) - start;
    return start + Math.min(own - 1, Math.floor((place - cell) * own));
  };
}
