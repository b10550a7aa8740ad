import { formatBytes } from '../format-bytes.ts';
import type { ChartAxis, ValueFormat } from './chart-series.ts';

/** A value with four significant digits, as the window shows numbers everywhere: 0.1235, 12.35, 1.235e-7, 1.235e9. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-4) return tidyExponent(value.toExponential(3));
  if (Number.isInteger(value) && size < 1e7) return value.toString();
  const digits = Math.max(0, 3 - Math.floor(Math.log10(size)));
  return trimZeros(value.toFixed(digits));
}

/** A value as its series wants it written. */
export function formatValueAs(value: number, format: ValueFormat): string {
  if (!Number.isFinite(value)) return formatValue(value);
  switch (format) {
    case 'number':
      return formatValue(value);
    case 'bytes':
      return value < 0 ? `-${formatBytes(-value)}` : formatBytes(value);
    case 'percent':
      return `${formatValue(Number(value.toPrecision(3)))} %`;
  }
}

/** Tick labels of one axis, all with the same number of decimals so that they can be compared at a glance. */
export function formatTicks(ticks: readonly number[]): string[] {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  const gaps = ticks.slice(1).map((tick, at) => Math.abs(tick - (ticks[at] ?? tick)));
  const smallestGap = Math.min(largest || 1, ...gaps.filter((gap) => gap > 0));
  if (largest >= 1e6 || (largest > 0 && largest < 1e-3)) {
    const decimals =
      largest > 0 ? Math.max(0, Math.floor(Math.log10(largest)) - Math.floor(Math.log10(smallestGap))) : 0;
    return ticks.map((tick) => (tick === 0 ? '0' : tidyExponent(tick.toExponential(Math.min(decimals, 15)))));
  }
  const decimals = ticks.reduce((most, tick) => Math.max(most, decimalsOf(tick)), 0);
  return ticks.map((tick) => tick.toFixed(decimals));
}

/** Labels of ticks on a log axis: each as short as it can be. */
export function formatLogTicks(ticks: readonly number[]): string[] {
  return ticks.map((tick) =>
    tick >= 1e4 || tick < 1e-3 ? tidyExponent(tick.toExponential()) : formatValue(tick),
  );
}

/** A step as text; thinned columns never hold fractions, but a user's own axis may. */
export function formatStep(step: number): string {
  return Number.isInteger(step) ? step.toString() : formatValue(step);
}

/** Milliseconds as 250 ms, 4.2 s, 38 m 54 s, 2 h 5 m, 3 d 4 h. */
export function formatDuration(elapsedMs: number): string {
  const sign = elapsedMs < 0 ? '-' : '';
  const ms = Math.abs(elapsedMs);
  if (ms < 1000) return `${sign}${Math.round(ms)} ms`;
  if (ms < 60_000) return `${sign}${trimZeros((ms / 1000).toFixed(ms < 10_000 ? 1 : 0))} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${sign}${pair(Math.floor(seconds / 60), 'm', seconds % 60, 's')}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${sign}${pair(Math.floor(minutes / 60), 'h', minutes % 60, 'm')}`;
  const hours = Math.round(minutes / 60);
  return `${sign}${pair(Math.floor(hours / 24), 'd', hours % 24, 'h')}`;
}

/** A moment in the reader's own clock, as fine as the span it is read against. */
export function formatMoment(timeMs: number, spanMs: number): string {
  const moment = new Date(timeMs);
  const date = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  const clock = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
  if (spanMs > 4 * 86_400_000) return date;
  if (spanMs > 86_400_000) return `${date.slice(5)} ${clock}`;
  if (spanMs > 600_000) return clock;
  const seconds = `${clock}:${two(moment.getSeconds())}`;
  return spanMs > 5000 ? seconds : `${seconds}.${moment.getMilliseconds().toString().padStart(3, '0')}`;
}

/** An x with its unit as it reads in a sentence: "step 617", "10:01:33", "38 m 54 s". */
export function formatX(x: number, axis: ChartAxis, spanMs: number): string {
  switch (axis) {
    case 'step':
      return `step ${formatStep(x)}`;
    case 'time':
      return formatMoment(x, Math.min(spanMs, 600_000));
    case 'running-time':
      return formatDuration(x);
  }
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function two(number: number): string {
  return number.toString().padStart(2, '0');
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function tidyExponent(text: string): string {
  const [mantissa = '', exponent = ''] = text.split('e');
  return `${trimZeros(mantissa)}e${exponent.replace('+', '')}`;
}

function decimalsOf(tick: number): number {
  const text = Number(tick.toPrecision(10)).toString();
  return text.includes('e') ? 0 : (text.split('.')[1]?.length ?? 0);
}
