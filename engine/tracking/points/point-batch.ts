import type { PointColumns } from './point-columns.ts';
import { pointsBetween } from './point-columns.ts';

/** One measured value. `step` is an integer. */
export interface Point {
  readonly key: string;
  readonly step: number;
  readonly timeMs: number;
  readonly value: number;
}

/** Points of several metrics of one run: those of one metric stand together, in the order they came in. */
export interface PointBatch {
  readonly keys: readonly string[];
  /** Where the points of each metric begin, and at last where all end. */
  readonly starts: Uint32Array;
  readonly columns: PointColumns;
}

/** Sorts points by their metric without making an object of any. */
export function batchOf(
  keys: readonly string[],
  steps: ArrayLike<number>,
  times: ArrayLike<number>,
  values: ArrayLike<number>,
): PointBatch {
  const count = keys.length;
  const numbers = new Map<string, number>();
  const numberOf = new Uint32Array(count);
  const sizes: number[] = [];
  for (let index = 0; index < count; index++) {
    const key = keys[index] ?? '';
    let number = numbers.get(key);
    if (number === undefined) {
      number = sizes.length;
      numbers.set(key, number);
      sizes.push(0);
    }
    numberOf[index] = number;
    sizes[number] = (sizes[number] ?? 0) + 1;
  }
  const starts = new Uint32Array(sizes.length + 1);
  sizes.forEach((size, number) => {
    starts[number + 1] = (starts[number] ?? 0) + size;
  });
  const columns = {
    steps: new Float64Array(count),
    times: new Float64Array(count),
    values: new Float64Array(count),
  };
  const next = starts.slice();
  for (let index = 0; index < count; index++) {
    const number = numberOf[index] ?? 0;
    const to = next[number] ?? 0;
    next[number] = to + 1;
    columns.steps[to] = steps[index] ?? 0;
    columns.times[to] = times[index] ?? 0;
    columns.values[to] = values[index] ?? 0;
  }
  return { keys: [...numbers.keys()], starts, columns };
}

export const batchOfPoints = (points: readonly Point[]): PointBatch =>
  batchOf(
    points.map((point) => point.key),
    points.map((point) => point.step),
    points.map((point) => point.timeMs),
    points.map((point) => point.value),
  );

export const batchSize = (batch: PointBatch): number => batch.columns.steps.length;

/** The points of the batch's metric of a number, without a copy. */
export const pointsOfKey = (batch: PointBatch, number: number): PointColumns =>
  pointsBetween(batch.columns, batch.starts[number] ?? 0, batch.starts[number + 1] ?? 0);
