import { emptyColumns, pointsBetween, type PointColumns } from './point-columns.ts';

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
export const batchOf = (
  keys: readonly string[],
  steps: ArrayLike<number>,
  times: ArrayLike<number>,
  values: ArrayLike<number>,
): PointBatch =>
  sortedByKey(
    keys.length,
    (index) => keys[index] ?? '',
    (index, to, columns) => {
      columns.steps[to] = steps[index] ?? 0;
      columns.times[to] = times[index] ?? 0;
      columns.values[to] = values[index] ?? 0;
    },
  );

export const batchOfPoints = (points: readonly Point[]): PointBatch =>
  sortedByKey(
    points.length,
    (index) => points[index]?.key ?? '',
    (index, to, columns) => {
      const point = points[index];
      columns.steps[to] = point?.step ?? 0;
      columns.times[to] = point?.timeMs ?? 0;
      columns.values[to] = point?.value ?? 0;
    },
  );

function sortedByKey(
  count: number,
  keyAt: (index: number) => string,
  put: (index: number, to: number, columns: PointColumns) => void,
): PointBatch {
  const numbers = new Map<string, number>();
  const numberOf = new Uint32Array(count);
  const sizes: number[] = [];
  for (let index = 0; index < count; index++) {
    const key = keyAt(index);
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
  const columns = emptyColumns(count);
  const next = starts.slice();
  for (let index = 0; index < count; index++) {
    const number = numberOf[index] ?? 0;
    const to = next[number] ?? 0;
    next[number] = to + 1;
    put(index, to, columns);
  }
  return { keys: [...numbers.keys()], starts, columns };
}

export const batchSize = (batch: PointBatch): number => batch.columns.steps.length;

/** The points of the batch's metric of a number, without a copy. */
export const pointsOfKey = (batch: PointBatch, number: number): PointColumns =>
  pointsBetween(batch.columns, batch.starts[number] ?? 0, batch.starts[number + 1] ?? 0);
