import { emptyColumns, pointsBetween, type PointColumns, type SeriesPoint } from './points/point-columns.ts';
import { markPositions, marksAtMost, type Mark } from './points/segment-marks.ts';

/** Equal intervals of an axis. */
export interface Buckets {
  readonly start: number;
  readonly width: number;
  readonly count: number;
}

/** So many intervals between the first and the last position that is drawn. */
export const bucketsBetween = (start: number, end: number, count: number): Buckets => ({
  start,
  width: (end - start) / count || 1,
  count,
});

/** The interval that a position falls into. */
export function bucketOf({ start, width, count }: Buckets, position: number): number {
  const bucket = Math.floor((position - start) / width);
  return bucket < count ? bucket : count - 1;
}

/**
 * M4 aggregation: of each interval keeps the first, the least, the greatest and the last point, in their order. A line
 * through the kept points covers the same pixels as a line through all, when an interval is a pixel. NaN is kept at both
 * ends of its stretch, so that a gap stays a gap. Stretches are given in the order of the axis, as points or, where a stretch
 * lies in one interval, as its marks alone.
 * Source: Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", PVLDB 7(10), 2014.
 */
export interface M4 {
  addPoints(points: PointColumns): void;
  addMarks(marks: readonly Mark[]): void;
  result(): PointColumns;
}

export function createM4(axis: 'step' | 'time', buckets: Buckets): M4 {
  const kept = createColumns(buckets.count * 4);
  /** What may be a mark of an interval that several stretches share. */
  const shared = createColumns(64);
  const positions = new Uint32Array(marksAtMost);
  let bucket = 0;
  /** Points of the last interval that ended: its neighbour has about as many. */
  let likely = 1;

  function close(): void {
    if (shared.count() === 0) return;
    const points = shared.points();
    const count = markPositions(points.values, 0, points.values.length, positions);
    for (let index = 0; index < count; index++) kept.addFrom(points, positions[index] ?? 0);
    shared.clear();
  }

  function enter(next: number): void {
    if (next !== bucket) close();
    bucket = next;
  }

  return {
    addPoints(points) {
      const along = axis === 'step' ? points.steps : points.times;
      const count = along.length;
      let from = 0;
      while (from < count) {
        const own = bucketOf(buckets, along[from] ?? 0);
        const to = endOfBucket(along, from, own, buckets, likely);
        if (to < count) likely = to - from;
        enter(own);
        const found = markPositions(points.values, from, to, positions);
        // What touches an end of the stretch may go on in the next one, or have begun in the last.
        const into = from === 0 || to === count ? shared : kept;
        for (let index = 0; index < found; index++) into.addFrom(points, positions[index] ?? 0);
        from = to;
      }
    },
    addMarks(marks) {
      const [first] = marks;
      if (first === undefined) return;
      enter(bucketOf(buckets, axis === 'step' ? first.step : first.time));
      for (const mark of marks) shared.add(mark);
    },
    result() {
      close();
      return kept.points();
    },
  };
}

/**
 * Where an interval ends among ascending positions. Looked for from a guess on, in steps that double, so that a good guess
 * costs two or three looks and a bad one no more than a search.
 * @param likely how many points the interval may have.
 */
function endOfBucket(
  along: Float64Array,
  from: number,
  own: number,
  buckets: Buckets,
  likely: number,
): number {
  const isWithin = (index: number) => bucketOf(buckets, along[index] ?? 0) === own;
  // What is at `least` is in the interval; what is at `most` is not, or is behind the end.
  let least = from;
  let most = along.length;
  const guess = from + likely;
  if (guess < most) {
    if (isWithin(guess)) {
      least = guess;
      for (let reach = 1; least + reach < most; reach *= 2) {
        if (!isWithin(least + reach)) most = least + reach;
        else least += reach;
      }
    } else {
      most = guess;
      for (let reach = 1; most - reach > least; reach *= 2) {
        if (isWithin(most - reach)) least = most - reach;
        else most -= reach;
      }
    }
  }
  while (most - least > 1) {
    const middle = (least + most) >> 1;
    if (isWithin(middle)) least = middle;
    else most = middle;
  }
  return most;
}

/** Columns that grow. */
function createColumns(capacity: number) {
  let columns = emptyColumns(capacity);
  let count = 0;

  function add(step: number, time: number, value: number): void {
    if (count === columns.steps.length) {
      const larger = emptyColumns(count * 2);
      larger.steps.set(columns.steps);
      larger.times.set(columns.times);
      larger.values.set(columns.values);
      columns = larger;
    }
    columns.steps[count] = step;
    columns.times[count] = time;
    columns.values[count] = value;
    count++;
  }

  return {
    add: ({ step, time, value }: SeriesPoint) => add(step, time, value),
    addFrom: ({ steps, times, values }: PointColumns, index: number) =>
      add(steps[index] ?? 0, times[index] ?? 0, values[index] ?? 0),
    count: () => count,
    points: () => pointsBetween(columns, 0, count),
    clear: () => {
      count = 0;
    },
  };
}
