/**
 * Points of one series as columns of equal length: `steps` and `times` (milliseconds UTC) hold integers. Unless said
 * otherwise they are in the series' own order, by (step, time, value), and no point is there twice.
 */
export interface PointColumns {
  readonly steps: Float64Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** One point, or a bound between points. */
export interface SeriesPoint {
  readonly step: number;
  readonly time: number;
  readonly value: number;
}

export const noPoints: PointColumns = {
  steps: new Float64Array(0),
  times: new Float64Array(0),
  values: new Float64Array(0),
};

export const pointAt = (columns: PointColumns, index: number): SeriesPoint => ({
  step: columns.steps[index] ?? Number.NaN,
  time: columns.times[index] ?? Number.NaN,
  value: columns.values[index] ?? Number.NaN,
});

export const pointsBetween = (columns: PointColumns, from: number, to: number): PointColumns => ({
  steps: columns.steps.subarray(from, to),
  times: columns.times.subarray(from, to),
  values: columns.values.subarray(from, to),
});

/** Order of values at one step and time, as MLflow has it: NaN takes the place of 0, and comes after it. */
export function compareValues(a: number, b: number): number {
  const [first, second] = [Number.isNaN(a) ? 0 : a, Number.isNaN(b) ? 0 : b];
  if (first !== second) return first < second ? -1 : 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/** The order of a series: by step, then time, then value. 0 for points that are the same, NaN being equal to NaN. */
export function comparePoints(a: SeriesPoint, b: SeriesPoint): number {
  if (a.step !== b.step) return a.step < b.step ? -1 : 1;
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  return compareValues(a.value, b.value);
}

/** The order of a history: by time, then step, then value. */
export function compareByTime(a: SeriesPoint, b: SeriesPoint): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  if (a.step !== b.step) return a.step < b.step ? -1 : 1;
  return compareValues(a.value, b.value);
}

/** Points in any order, put into the series' order, each kept once. Columns that are in order already come back as they are. */
export function sortedPoints(columns: PointColumns): PointColumns {
  const { steps, times, values } = columns;
  const count = steps.length;
  if (isAscending(columns)) return columns;
  const order = orderOf(columns, comparePoints);
  const sorted = {
    steps: new Float64Array(count),
    times: new Float64Array(count),
    values: new Float64Array(count),
  };
  let kept = 0;
  for (const from of order) {
    const [step, time, value] = [steps[from] ?? 0, times[from] ?? 0, values[from] ?? 0];
    if (
      kept > 0 &&
      sorted.steps[kept - 1] === step &&
      sorted.times[kept - 1] === time &&
      compareValues(sorted.values[kept - 1] ?? 0, value) === 0
    )
      continue;
    sorted.steps[kept] = step;
    sorted.times[kept] = time;
    sorted.values[kept] = value;
    kept++;
  }
  return kept === count ? sorted : pointsBetween(sorted, 0, kept);
}

/** The positions of the columns' points in an order. */
export function orderOf(
  columns: PointColumns,
  compare: (a: SeriesPoint, b: SeriesPoint) => number,
): Uint32Array {
  return Uint32Array.from({ length: columns.steps.length }, (_, index) => index).sort((a, b) =>
    compare(pointAt(columns, a), pointAt(columns, b)),
  );
}

export function pickPoints(columns: PointColumns, indices: ArrayLike<number>): PointColumns {
  const picked = {
    steps: new Float64Array(indices.length),
    times: new Float64Array(indices.length),
    values: new Float64Array(indices.length),
  };
  for (let to = 0; to < indices.length; to++) {
    const from = indices[to] ?? 0;
    picked.steps[to] = columns.steps[from] ?? Number.NaN;
    picked.times[to] = columns.times[from] ?? Number.NaN;
    picked.values[to] = columns.values[from] ?? Number.NaN;
  }
  return picked;
}

/** True when every point comes after the one before it. */
function isAscending({ steps, times, values }: PointColumns): boolean {
  for (let index = 1; index < steps.length; index++) {
    const [before, step] = [steps[index - 1] ?? 0, steps[index] ?? 0];
    if (step > before) continue;
    if (step < before) return false;
    const [timeBefore, time] = [times[index - 1] ?? 0, times[index] ?? 0];
    if (time > timeBefore) continue;
    if (time < timeBefore || compareValues(values[index - 1] ?? 0, values[index] ?? 0) >= 0) return false;
  }
  return true;
}

export function joinedPoints(parts: readonly PointColumns[]): PointColumns {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const count = parts.reduce((sum, part) => sum + part.steps.length, 0);
  const joined = {
    steps: new Float64Array(count),
    times: new Float64Array(count),
    values: new Float64Array(count),
  };
  let at = 0;
  for (const part of parts) {
    joined.steps.set(part.steps, at);
    joined.times.set(part.times, at);
    joined.values.set(part.values, at);
    at += part.steps.length;
  }
  return joined;
}
