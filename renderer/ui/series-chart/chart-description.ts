import type { ChartAxis, Range } from './chart-series.ts';
import { formatDuration, formatMoment, formatStep, formatValueAs } from './format-value.ts';
import type { PlotLine } from './plot-line.ts';

const describedLines = 8;

/** The chart in words, for those who do not see it: what runs over what, and each line's extremes and last value. */
export function chartDescription(
  title: string,
  unit: string | undefined,
  lines: readonly PlotLine[],
  axis: ChartAxis,
  x: Range,
): string {
  const name = unit ? `${title} in ${unit}` : title;
  if (lines.every((line) => line.xs.length === 0)) return `${name}: no points yet.`;
  const described = lines.slice(0, describedLines).map((line) => `${line.label}: ${describeLine(line)}`);
  const more = lines.length > describedLines ? [`and ${lines.length - describedLines} more lines`] : [];
  const count = lines.length === 1 ? 'one line' : `${lines.length} lines`;
  return `${name} by ${axisName(axis)}, ${rangeText(x, axis)}, ${count}. ${[...described, ...more].join('; ')}.`;
}

export function axisName(axis: ChartAxis): string {
  switch (axis) {
    case 'step':
      return 'step';
    case 'time':
      return 'time';
    case 'running-time':
      return 'running time';
  }
}

function describeLine({ raw, format }: PlotLine): string {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of raw) {
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const last = raw[raw.length - 1];
  if (last === undefined) return 'no points';
  if (least > greatest) return `last ${formatValueAs(last, format)}, nothing finite`;
  return `last ${formatValueAs(last, format)}, least ${formatValueAs(least, format)}, greatest ${formatValueAs(greatest, format)}`;
}

function rangeText([low, high]: Range, axis: ChartAxis): string {
  switch (axis) {
    case 'step':
      return `${formatStep(Math.ceil(low))} to ${formatStep(Math.floor(high))}`;
    case 'time':
      return `${formatMoment(low, high - low)} to ${formatMoment(high, high - low)}`;
    case 'running-time':
      return `${formatDuration(low)} to ${formatDuration(high)}`;
  }
}
