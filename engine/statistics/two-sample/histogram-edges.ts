const partsAtMost = 40;
/** What a hundredth of the values lies beyond, at either end, does not stretch the parts. */
const tail = 0.01;

/**
 * The ends of parts of equal width that show how values lie: one more than there are parts, the upper end belonging to a part, and the first and the
 * last part open-ended. Of whole numbers every part holds equally many. The range is that of all but the tails; null where there is none.
 * @param sorted some of the values, all finite, in ascending order
 */
export function histogramEdges(sorted: Float64Array): number[] | null {
  const [least, most] = [sorted[0], sorted.at(-1)];
  const low = sorted[Math.floor(tail * (sorted.length - 1))];
  const high = sorted[Math.ceil((1 - tail) * (sorted.length - 1))];
  if (least === undefined || most === undefined || low === undefined || high === undefined) return null;
  // An end that is not far off belongs to the picture, and so does all where all but the tails is one value.
  const reach = (high - low) / 4;
  const from = least >= low - reach || low === high ? least : low;
  const to = most <= high + reach || low === high ? most : high;
  if (from === to || !Number.isFinite(to - from)) return null;
  const isWhole = sorted.every(Number.isInteger) && to - from < 2 ** 50;
  const width = isWhole ? Math.ceil((to - from + 1) / partsAtMost) : (to - from) / partsAtMost;
  const parts = isWhole ? Math.ceil((to - from + 1) / width) : partsAtMost;
  const start = isWhole ? from - 0.5 : from;
  if (!(width > 0) || start + width === start) return null;
  return Array.from({ length: parts + 1 }, (_, part) => start + part * width);
}
