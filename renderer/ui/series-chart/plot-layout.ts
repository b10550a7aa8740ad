import type { ChartAxis, Range, ValueFormat, YScaleKind } from './chart-series.ts';
import { formatDuration, formatLogTicks, formatMoment, formatTicks, formatValueAs } from './format-value.ts';
import { clockTicks, durationTicks, linearTicks, logTicks } from './nice-ticks.ts';
import type { PlotLayout } from './plot-frame.tsx';

/** Room above the plot for the topmost label and for carets, in CSS pixels. */
const topMargin = 14;
/** A row under the baseline for ticks of what is not finite. */
const nonFiniteRow = 5;

/** Lays out the axes of a plot: three or four hairlines, and as many x labels as fit. */
export function plotLayout(plot: {
  width: number;
  height: number;
  gutter: number;
  x: Range;
  y: Range;
  yKind: YScaleKind;
  axis: ChartAxis;
  hasNonFinite: boolean;
  format?: ValueFormat;
}): PlotLayout {
  const { width, height, gutter, x, y, yKind, axis } = plot;
  const yCount = height < 110 ? 2 : 4;
  const xTicks = xTicksOf(axis, x, Math.max(2, Math.floor((width - gutter) / (axis === 'step' ? 72 : 100))));
  const yTicks = yKind === 'log' ? logTicks(y, yCount) : atMost(linearTicks(y, yCount), y, yCount);
  return {
    width,
    height,
    margin: { top: topMargin, right: gutter, bottom: plot.hasNonFinite ? nonFiniteRow : 0, left: 0 },
    x,
    y,
    yKind,
    xTicks,
    xLabels: xLabelsOf(axis, xTicks, x),
    yTicks,
    yLabels: yLabelsOf(yKind, yTicks, plot.format ?? 'number'),
  };
}

/** Labels of the horizontal hairlines. */
function yLabelsOf(yKind: YScaleKind, yTicks: readonly number[], format: ValueFormat): string[] {
  if (format !== 'number') return yTicks.map((tick) => formatValueAs(tick, format));
  return yKind === 'log' ? formatLogTicks(yTicks) : formatTicks(yTicks);
}

/** Rounding can give one line more than asked for; a coarser step then serves. */
function atMost(ticks: number[], range: Range, count: number): number[] {
  return ticks.length > count + 1 ? linearTicks(range, count * 0.7) : ticks;
}

function xTicksOf(axis: ChartAxis, x: Range, count: number): number[] {
  switch (axis) {
    case 'step':
      return linearTicks(x, count, { wholeOnly: true });
    case 'time':
      return clockTicks(x, count, -new Date(x[0]).getTimezoneOffset() * 60_000);
    case 'running-time':
      return durationTicks(x, count);
  }
}

function xLabelsOf(axis: ChartAxis, ticks: readonly number[], x: Range): string[] {
  switch (axis) {
    case 'step':
      return formatTicks(ticks);
    case 'time':
      return ticks.map((tick) => formatMoment(tick, x[1] - x[0]));
    case 'running-time':
      return ticks.map((tick) => (tick === 0 ? '0' : formatDuration(tick)));
  }
}
