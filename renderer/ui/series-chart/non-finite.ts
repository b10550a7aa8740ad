import type { ChartAxis, Range } from './chart-series.ts';
import { formatDuration, formatMoment, formatStep } from './format-value.ts';
import type { PlotLine } from './plot-line.ts';

export type NonFiniteKind = 'NaN' | '+Inf' | '-Inf';
/** Points without a place on the drawing, of one kind, with the x of the first and the last. */
export type NonFiniteRange = { kind: NonFiniteKind; count: number; from: number; to: number };

/** What a line holds that is no finite number, one entry a kind, within an x range. */
export function nonFiniteRanges(line: Pick<PlotLine, 'xs' | 'raw'>, x: Range): NonFiniteRange[] {
  const found = new Map<NonFiniteKind, NonFiniteRange>();
  for (const { at, kind } of nonFinitePoints(line)) {
    const place = line.xs[at] ?? Number.NaN;
    if (place < x[0] || place > x[1]) continue;
    const range = found.get(kind);
    if (range) {
      range.count++;
      range.to = place;
    } else {
      found.set(kind, { kind, count: 1, from: place, to: place });
    }
  }
  return [...found.values()];
}

/** Indices of the points that are not finite, in order. */
export function* nonFinitePoints(
  line: Pick<PlotLine, 'raw'>,
): Generator<{ at: number; kind: NonFiniteKind }> {
  for (let at = 0; at < line.raw.length; at++) {
    const value = line.raw[at] ?? Number.NaN;
    if (Number.isFinite(value)) continue;
    yield { at, kind: Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf' };
  }
}

/** "10 NaN, 300–309". */
export function describeNonFinite(range: NonFiniteRange, axis: ChartAxis, spanMs: number): string {
  const place = (x: number): string => {
    if (axis === 'step') return formatStep(x);
    return axis === 'time' ? formatMoment(x, Math.min(spanMs, 600_000)) : formatDuration(x);
  };
  const where = range.from === range.to ? place(range.from) : `${place(range.from)}–${place(range.to)}`;
  return `${range.count} ${range.kind}, ${where}`;
}

/** How many finite points within an x range are at or below nought, which a log axis cannot show. */
export function countNotAboveZero(line: Pick<PlotLine, 'xs' | 'raw'>, x: Range): number {
  let count = 0;
  for (let at = 0; at < line.raw.length; at++) {
    const value = line.raw[at] ?? Number.NaN;
    const place = line.xs[at] ?? Number.NaN;
    if (value <= 0 && value !== Number.NEGATIVE_INFINITY && place >= x[0] && place <= x[1]) count++;
  }
  return count;
}
