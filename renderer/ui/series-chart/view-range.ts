import type { Range, YScaleKind } from './chart-series.ts';
import { indexAtOrAfter, type PlotLine } from './plot-line.ts';

/** What part of the data is shown; null means all of it. */
export type View = { x: Range | null; y: Range | null };

export const wholeView: View = { x: null, y: null };

/** First and last x over all lines; null where there is no point. */
export function extentOfX(lines: readonly PlotLine[]): Range | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { xs } of lines) {
    low = Math.min(low, xs[0] ?? low);
    high = Math.max(high, xs[xs.length - 1] ?? high);
  }
  return low <= high ? [low, high] : null;
}

/**
 * Least and greatest value that the drawing shows between two x, raw and smoothed, the ends of the lines cut at the range's
 * borders included. Only values that the axis has a place for count. Null where there is none.
 */
export function extentOfY(lines: readonly PlotLine[], x: Range, kind: YScaleKind): Range | null {
  const floor = kind === 'log' ? 0 : Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const include = (value: number): void => {
    if (!(value > floor) || value === Number.POSITIVE_INFINITY) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const line of lines) {
    const from = indexAtOrAfter(line.xs, x[0]);
    let to = from;
    for (; to < line.xs.length && (line.xs[to] ?? 0) <= x[1]; to++) {
      include(line.ys[to] ?? Number.NaN);
      if (line.raw !== line.ys) include(line.raw[to] ?? Number.NaN);
      if (line.band !== null) {
        include(line.band.low[to] ?? Number.NaN);
        include(line.band.high[to] ?? Number.NaN);
      }
    }
    include(valueBetween(line, from, x[0]));
    include(valueBetween(line, to, x[1]));
  }
  return low <= high ? [low, high] : null;
}

/** The line's height at x, between the points before and at `index`. */
function valueBetween({ xs, ys }: PlotLine, index: number, x: number): number {
  const x0 = xs[index - 1] ?? Number.NaN;
  const x1 = xs[index] ?? Number.NaN;
  const y0 = ys[index - 1] ?? Number.NaN;
  return y0 + ((ys[index] ?? Number.NaN) - y0) * ((x - x0) / (x1 - x0));
}

/** The x axis for an extent: a lone point gets room on both sides. */
export function xDomain(extent: Range | null): Range {
  if (!extent) return [0, 1];
  return extent[0] === extent[1] ? [extent[0] - 1, extent[1] + 1] : extent;
}

/** The y axis for an extent: every value inside with a little air, never below nought for values that never are. */
export function yDomain(extent: Range | null, kind: YScaleKind): Range {
  if (!extent) return kind === 'log' ? [1, 10] : [0, 1];
  const [low, high] = extent;
  if (kind === 'log') {
    const air = low === high ? 2 : Math.max((high / low) ** 0.06, 1.02);
    return [low / air, high * air];
  }
  if (low === high) {
    const room = Math.abs(low) * 0.1 || 1;
    return [low - room, high + room];
  }
  const air = (high - low) * 0.06;
  return [low >= 0 ? Math.max(0, low - air) : low - air, high + air];
}

/** A range grown (factor > 1) or shrunk around one of its points, which keeps its place. */
export function zoomAround([low, high]: Range, centre: number, factor: number): Range {
  return [centre - (centre - low) * factor, centre + (high - centre) * factor];
}

export function panBy([low, high]: Range, distance: number): Range {
  return [low + distance, high + distance];
}

/** Keeps a range within bounds, moving it before shrinking it; null once it shows everything. */
export function within(range: Range, bounds: Range): Range | null {
  const width = range[1] - range[0];
  const full = bounds[1] - bounds[0];
  if (width >= full * 0.9999) return null;
  const low = Math.min(Math.max(range[0], bounds[0]), bounds[1] - width);
  return [low, low + width];
}

/** An x axis for a line that still grows: room ahead of the newest point, so that the axis moves rarely. */
export function roomAhead([low, high]: Range): Range {
  return [low, high + Math.max((high - low) * 0.08, 1)];
}

export function isSameRange(a: Range | null, b: Range | null): boolean {
  return a === b || (a !== null && b !== null && a[0] === b[0] && a[1] === b[1]);
}
