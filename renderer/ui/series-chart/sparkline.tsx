import { memo } from 'react';
import { pathData } from './chart-svg.ts';
import { formatValue } from './format-value.ts';
import type { PlotLine } from './plot-line.ts';
import { installRunColours, runColour } from './run-colours.ts';
import { extentOfX, extentOfY, xDomain } from './view-range.ts';

installRunColours();

/**
 * A curve for a table cell, one colour, extremes kept at any number of points. Columns as in `ChartSeries`, ordered by `xs`.
 * Says its range and last value to a screen reader; `label` is the metric's name.
 */
export const Sparkline = memo(function Sparkline(props: {
  label: string;
  xs: Float64Array;
  values: Float64Array;
  colourIndex?: number;
  width?: number;
  height?: number;
}) {
  const { label, xs, values, colourIndex = 0, width = 80, height = 20 } = props;
  const line: PlotLine = {
    id: '',
    label,
    colourIndex,
    dash: null,
    xs,
    ys: values,
    raw: values,
    steps: xs,
    times: xs,
    format: 'number',
    band: null,
    gaps: [],
  };
  const x = xDomain(extentOfX([line]));
  const extent = extentOfY([line], x, 'linear');
  if (!extent) {
    return <svg width={width} height={height} role="img" aria-label={`${label}: no values`} />;
  }
  // A flat line runs through the middle.
  const y = extent[0] === extent[1] ? ([extent[0] - 1, extent[1] + 1] as const) : extent;
  const scale = { left: 1.5, top: 1.5, width: width - 3, height: height - 3, x, y, yKind: 'linear' } as const;
  const path = pathData(line, values, scale);
  const last = formatValue(values[values.length - 1] ?? Number.NaN);
  const name = `${label}: last ${last}, least ${formatValue(extent[0])}, greatest ${formatValue(extent[1])}`;
  return (
    <svg width={width} height={height} role="img" aria-label={name}>
      <path
        d={dotted(path)}
        fill="none"
        stroke={runColour(colourIndex)}
        strokeWidth={1.25}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
});

/** A point without neighbours becomes a line of no length, which the round cap shows as a dot. */
function dotted(path: string): string {
  return path.replace(/M([^ML]+)(?=M|$)/g, 'M$1L$1');
}
