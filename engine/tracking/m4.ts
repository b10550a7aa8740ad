/**
 * M4 aggregation: of each of `buckets` equal intervals of x keeps the first, the least, the greatest and the last point,
 * in their order. A line through the kept points covers the same pixels as a line through all, when a bucket is a pixel.
 * NaN is kept at both ends of its stretch, so that a gap stays a gap. Returns indices into the columns, ascending.
 * Source: Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", PVLDB 7(10), 2014.
 */
export function m4Indices(x: Float64Array, y: Float64Array, buckets: number): Uint32Array {
  const count = x.length;
  if (count <= buckets * 4) return Uint32Array.from({ length: count }, (_, index) => index);
  const start = x[0] ?? 0;
  const width = ((x[count - 1] ?? 0) - start) / buckets || 1;
  const kept: number[] = [];
  let from = 0;
  while (from < count) {
    const bucket = Math.min(buckets - 1, Math.floor(((x[from] ?? 0) - start) / width));
    let to = from + 1;
    let least = from;
    let greatest = from;
    let firstNaN = -1;
    let lastNaN = -1;
    for (let index = from; index < count; index++) {
      if (index > from && Math.min(buckets - 1, Math.floor(((x[index] ?? 0) - start) / width)) !== bucket)
        break;
      to = index + 1;
      const value = y[index] ?? Number.NaN;
      if (Number.isNaN(value)) {
        if (firstNaN < 0) firstNaN = index;
        lastNaN = index;
        continue;
      }
      if (Number.isNaN(y[least]) || value < (y[least] ?? 0)) least = index;
      if (Number.isNaN(y[greatest]) || value > (y[greatest] ?? 0)) greatest = index;
    }
    const marks = [from, least, greatest, to - 1, firstNaN, lastNaN]
      .filter((index) => index >= 0)
      .toSorted((a, b) => a - b);
    for (const index of marks) if (kept.at(-1) !== index) kept.push(index);
    from = to;
  }
  return Uint32Array.from(kept);
}
