import type { CountPair } from './count-distances.ts';

/** How two samples lie over each other, in the same parts of equal width. */
export interface PairHistogram {
  /** One more than there are parts. The first part holds what lies below it as well, the last what lies above. */
  readonly edges: readonly number[];
  readonly counts: CountPair;
}

const partsAtMost = 40;
const sampledOfEach = 4096;
/** What a hundredth of the values lies beyond, at either end, does not stretch the parts. */
const tail = 0.01;

/**
 * Counts two samples into the same parts, their upper ends belonging to them. Where both are whole numbers, every part holds equally many
 * of them. The range is that of all but the tails, by a sample of either side; null where there is none.
 * @param pair in any order and without NaN
 */
export function pairHistogram(pair: CountPair): PairHistogram | null {
  const sampled = [...sampleOf(pair.reference), ...sampleOf(pair.current)].toSorted((a, b) => a - b);
  const [least, most] = [sampled[0], sampled.at(-1)];
  const low = sampled[Math.floor(tail * (sampled.length - 1))];
  const high = sampled[Math.ceil((1 - tail) * (sampled.length - 1))];
  if (least === undefined || most === undefined || low === undefined || high === undefined) return null;
  // An end that is not far off belongs to the picture, and so does all where all but the tails is one value.
  const reach = (high - low) / 4;
  const from = least >= low - reach || low === high ? least : low;
  const to = most <= high + reach || low === high ? most : high;
  if (from === to || !Number.isFinite(to - from)) return null;
  const isWhole = sampled.every(Number.isInteger) && to - from < 2 ** 50;
  const width = isWhole ? Math.ceil((to - from + 1) / partsAtMost) : (to - from) / partsAtMost;
  const parts = isWhole ? Math.ceil((to - from + 1) / width) : partsAtMost;
  const start = isWhole ? from - 0.5 : from;
  if (!(width > 0) || start + width === start) return null;
  const counted = (values: Float64Array) => {
    const counts = new Float64Array(parts);
    for (let at = 0; at < values.length; at++) {
      const part = Math.ceil(((values[at] ?? 0) - start) / width) - 1;
      const own = part < 0 ? 0 : part < parts ? part : parts - 1;
      counts[own] = (counts[own] ?? 0) + 1;
    }
    return counts;
  };
  return {
    edges: Array.from({ length: parts + 1 }, (_, part) => start + part * width),
    counts: { reference: counted(pair.reference), current: counted(pair.current) },
  };
}

function sampleOf(values: Float64Array): number[] {
  const stride = Math.max(1, Math.floor(values.length / sampledOfEach));
  const some: number[] = [];
  for (let at = 0; at < values.length; at += stride) {
    const value = values[at] ?? 0;
    if (Number.isFinite(value)) some.push(value);
  }
  return some;
}
