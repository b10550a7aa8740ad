import { memo } from 'react';
import type { SeriesView } from '../../../contract/index.ts';
import { formatNumber } from '../../ui/format-number.ts';

const width = 88;
const height = 18;

/** A metric's course in one table cell. The line covers every point it was given; NaN leaves a gap. */
export const Sparkline = memo(function Sparkline({ series, colour }: { series: SeriesView | undefined; colour: string }) {
  if (series === undefined) return null;
  const path = sparkPath(series.steps, series.values);
  const last = series.values.at(-1);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${series.key}, last ${last === undefined ? 'none' : formatNumber(last)}`}>
      <path d={path} fill="none" stroke={colour} strokeWidth="1.25" strokeLinejoin="round" />
    </svg>
  );
});

/** The line through all finite points, scaled to the cell with 2 px around it. */
export function sparkPath(steps: Float64Array, values: Float64Array): string {
  const finite = values.filter((value) => Number.isFinite(value));
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const first = steps[0] ?? 0;
  const span = (steps.at(-1) ?? 0) - first;
  let path = '';
  let isDown = false;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      isDown = false;
      continue;
    }
    const x = 2 + (span === 0 ? 0.5 : ((steps[at] ?? 0) - first) / span) * (width - 4);
    const y = high === low ? height / 2 : 2 + (1 - (value - low) / (high - low)) * (height - 4);
    path += `${isDown ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    isDown = true;
  }
  // A lone point would draw nothing.
  return finite.length === 1 ? `${path}h1` : path;
}
