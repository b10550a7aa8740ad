import { stillMs, type RunGap } from '../../../contract/index.ts';
import type { ChartAxis, ChartSeries, ValueFormat } from './chart-series.ts';
import { smooth } from './smooth.ts';

/** A series placed on an axis and ready to be drawn. All columns have equal length; xs ascend. */
export type PlotLine = {
  id: string;
  label: string;
  colourIndex: number;
  dash: readonly number[] | null;
  xs: Float64Array;
  /** What the line goes through: the smoothed values where smoothing is on. */
  ys: Float64Array;
  /** As recorded; the same column as `ys` where smoothing is off. */
  raw: Float64Array;
  steps: Float64Array;
  times: Float64Array;
  format: ValueFormat;
  band: { low: Float64Array; high: Float64Array } | null;
  /** Where x stands for a time in which the run stood still; none on an axis without such. */
  gaps: readonly RunGap[];
};

/** Puts a series on an axis. Columns are shared, not copied, unless they must be sorted. */
export function plotLine(series: ChartSeries, axis: ChartAxis, smoothing: number): PlotLine {
  const order = ascendingOrder(axis === 'step' ? series.steps : series.times);
  const steps = order ? pick(series.steps, order) : series.steps;
  const times = order ? pick(series.times, order) : series.times;
  const raw = order ? pick(series.values, order) : series.values;
  const xs = xColumn(axis, steps, times, series);
  return {
    id: series.id,
    label: series.label,
    colourIndex: series.colourIndex,
    dash: series.dash ?? null,
    xs,
    ys: smoothing > 0 ? smooth(xs, raw, smoothing) : raw,
    raw,
    steps,
    times,
    format: series.format ?? 'number',
    band: bandOf(series, order),
    gaps: axis === 'time' ? (series.gaps ?? []) : [],
  };
}

function bandOf(series: ChartSeries, order: Uint32Array | null): PlotLine['band'] {
  const { band } = series;
  if (band === undefined) return null;
  return order ? { low: pick(band.low, order), high: pick(band.high, order) } : band;
}

/** First index whose x is at or above the one given; the length where there is none. */
export function indexAtOrAfter(xs: Float64Array, x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((xs[middle] ?? Number.NaN) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function xColumn(
  axis: ChartAxis,
  steps: Float64Array,
  times: Float64Array,
  { startedAt, gaps = [] }: Pick<ChartSeries, 'startedAt' | 'gaps'>,
): Float64Array {
  switch (axis) {
    case 'step':
      return steps;
    case 'time':
      return times;
    case 'running-time': {
      const start = startedAt ?? times[0] ?? 0;
      return gaps.length === 0
        ? times.map((time) => time - start)
        : times.map((time) => time - start - stillMs(gaps, start, time));
    }
  }
}

/** Null when the column ascends already, which is the rule. */
function ascendingOrder(column: Float64Array): Uint32Array | null {
  let isAscending = true;
  for (let at = 1; at < column.length && isAscending; at++)
    isAscending = (column[at] ?? 0) >= (column[at - 1] ?? 0);
  if (isAscending) return null;
  return Uint32Array.from(column, (_, at) => at).sort((a, b) => (column[a] ?? 0) - (column[b] ?? 0) || a - b);
}

function pick(column: Float64Array, order: Uint32Array): Float64Array {
  return Float64Array.from(order, (at) => column[at] ?? Number.NaN);
}
