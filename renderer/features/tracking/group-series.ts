import { stillMs, type RunGap } from '../../../contract/index.ts';
import type { ChartAxis } from '../../ui/series-chart/index.ts';

/** One run's share of a group: its points in the order of the axis. */
export interface Member {
  readonly xs: Float64Array;
  readonly values: Float64Array;
}

export type Band = 'range' | 'deviation' | 'none';

export interface GroupCourse {
  readonly xs: Float64Array;
  readonly mean: Float64Array;
  /** Null without a band. */
  readonly band: { readonly low: Float64Array; readonly high: Float64Array } | null;
}

/** More places than this along the axis say nothing more on a screen. */
const placesAtMost = 2000;

/**
 * Mean of several runs along an axis, with the range of their values or ± one standard deviation (of a sample: n − 1; nought for
 * one run alone) around it. A run counts where it has points on both sides, its value between them being on the straight line;
 * values that are not finite do not count. Places are those where any run has a point, thinned evenly to 2,000.
 */
export function groupCourse(members: readonly Member[], band: Band): GroupCourse {
  const xs = placesOf(members);
  const count = new Float64Array(xs.length);
  const mean = new Float64Array(xs.length);
  const spread = new Float64Array(xs.length);
  const low = new Float64Array(xs.length).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(xs.length).fill(Number.NEGATIVE_INFINITY);
  for (const member of members) {
    let at = 0;
    for (const [place, x] of xs.entries()) {
      while (at < member.xs.length - 1 && (member.xs[at + 1] ?? Number.NaN) <= x) at++;
      const value = valueAt(member, at, x);
      if (!Number.isFinite(value)) continue;
      // Welford 1962: one pass, and no difference of large squares.
      const seen = (count[place] ?? 0) + 1;
      const before = mean[place] ?? 0;
      const after = before + (value - before) / seen;
      count[place] = seen;
      mean[place] = after;
      spread[place] = (spread[place] ?? 0) + (value - before) * (value - after);
      low[place] = Math.min(low[place] ?? value, value);
      high[place] = Math.max(high[place] ?? value, value);
    }
  }
  for (const [place, seen] of count.entries()) {
    if (seen === 0) {
      mean[place] = low[place] = high[place] = Number.NaN;
    } else if (band === 'deviation') {
      const deviation = seen > 1 ? Math.sqrt((spread[place] ?? 0) / (seen - 1)) : 0;
      low[place] = (mean[place] ?? 0) - deviation;
      high[place] = (mean[place] ?? 0) + deviation;
    }
  }
  return { xs, mean, band: band === 'none' ? null : { low, high } };
}

function valueAt({ xs, values }: Member, at: number, x: number): number {
  const x0 = xs[at] ?? Number.NaN;
  const y0 = values[at] ?? Number.NaN;
  if (x0 === x) return y0;
  const x1 = xs[at + 1] ?? Number.NaN;
  if (!(x0 < x) || !(x1 > x)) return Number.NaN;
  return y0 + ((values[at + 1] ?? Number.NaN) - y0) * ((x - x0) / (x1 - x0));
}

function placesOf(members: readonly Member[]): Float64Array<ArrayBuffer> {
  const all = new Set<number>();
  for (const { xs } of members) for (const x of xs) all.add(x);
  const sorted = Float64Array.from(all).toSorted();
  if (sorted.length <= placesAtMost) return new Float64Array(sorted);
  // First and last stay.
  return Float64Array.from(
    { length: placesAtMost },
    (_, at) => sorted[Math.round((at * (sorted.length - 1)) / (placesAtMost - 1))] ?? Number.NaN,
  );
}

/** A run's place along the axis. Runs of a group start at different times, so that time is counted from each one's start. */
export function memberXs(
  axis: ChartAxis,
  steps: Float64Array,
  times: Float64Array,
  { startedAt, gaps }: { readonly startedAt: number | null; readonly gaps: readonly RunGap[] },
): Float64Array {
  if (axis === 'step') return steps;
  const start = startedAt ?? times[0] ?? 0;
  return times.map((time) => time - start - stillMs(gaps, start, time));
}
