import type { Range } from './chart-series.ts';

/** Round numbers (1, 2, 2.5 or 5 times a power of ten) inside a range, about `count` of them, ascending. */
export function linearTicks(range: Range, count: number, options: { wholeOnly?: boolean } = {}): number[] {
  const [low, high] = range;
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span) || count < 1) return Number.isFinite(low) ? [low] : [];
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough * 0.999) ?? 10;
  let step = factor * power;
  if (options.wholeOnly)
    step = step < 1 ? 1 : Number.isInteger(step) ? step : factor === 2.5 ? 2 * power : Math.ceil(step);
  return multiplesInside(range, step);
}

/** Powers of ten inside a range above nought; with 2 and 5 between them, or plain round numbers, where decades are too few. */
export function logTicks(range: Range, count: number): number[] {
  const [low, high] = range;
  if (!(low > 0) || !(high > low)) return [];
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const decades = last - first;
  const stride = Math.max(1, Math.ceil(decades / Math.max(1, count)));
  const powers: number[] = [];
  for (let exponent = first; exponent <= last; exponent += stride) powers.push(10 ** exponent);
  const inside = powers.filter((tick) => tick >= low && tick <= high);
  if (inside.length >= 3) return inside;
  const finer = powers
    .flatMap((power) => [power, 2 * power, 5 * power])
    .filter((tick) => tick >= low && tick <= high);
  if (stride === 1 && finer.length >= 2 && finer.length <= count + 2) return finer;
  return inside.length >= 2 ? inside : linearTicks(range, count);
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const durations = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
  28 * day,
];

/** Round durations inside a range of milliseconds. */
export function durationTicks(range: Range, count: number): number[] {
  return multiplesInside(range, durationStep(range, count));
}

/** Round moments of the local clock inside a range of milliseconds UTC. `offsetMs` is what local time is ahead of UTC. */
export function clockTicks(range: Range, count: number, offsetMs: number): number[] {
  const local: Range = [range[0] + offsetMs, range[1] + offsetMs];
  return multiplesInside(local, durationStep(local, count)).map((tick) => tick - offsetMs);
}

function durationStep([low, high]: Range, count: number): number {
  const rough = (high - low) / Math.max(1, count);
  const known = durations.find((each) => each >= rough * 0.999);
  return known ?? Math.ceil(rough / (28 * day)) * 28 * day;
}

function multiplesInside([low, high]: Range, step: number): number[] {
  if (!(step > 0) || !(high >= low)) return [];
  const slack = step * 1e-9;
  const decimals = Math.min(100, Math.max(0, 3 - Math.floor(Math.log10(step))));
  const ticks: number[] = [];
  const first = Math.ceil((low - slack) / step);
  const last = Math.floor((high + slack) / step);
  for (let multiple = first; multiple <= last && ticks.length < 1000; multiple++) {
    // Through decimal text, so that 3 × 0.1 is 0.3 and not 0.30000000000000004; `+ 0` turns -0 into 0.
    ticks.push(Number((multiple * step).toFixed(decimals)) + 0);
  }
  return ticks;
}
