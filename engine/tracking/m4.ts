import { pointAt, type PointColumns, type SeriesPoint } from './points/point-columns.ts';
import { markPositions, type Mark } from './points/segment-marks.ts';

/** Equal intervals of an axis, between the first and the last position that is drawn. */
export interface Buckets {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

/** The interval that a position falls into. */
export function bucketOf({ start, end, count }: Buckets, position: number): number {
  const width = (end - start) / count || 1;
  return Math.min(count - 1, Math.floor((position - start) / width));
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
  const kept: SeriesPoint[] = [];
  /** What may be a mark of the interval that is being read. */
  let candidates: SeriesPoint[] = [];
  let bucket = 0;

  function close(): void {
    if (candidates.length > 0) {
      const columns = columnsOf(candidates);
      for (const index of markPositions(columns, 0, candidates.length)) kept.push(pointAt(columns, index));
    }
    candidates = [];
  }

  function enter(next: number): void {
    if (next === bucket) return;
    close();
    bucket = next;
  }

  return {
    addPoints(points) {
      const positions = axis === 'step' ? points.steps : points.times;
      const count = positions.length;
      let from = 0;
      while (from < count) {
        const own = bucketOf(buckets, positions[from] ?? 0);
        const to = endOfBucket(positions, from, own, buckets);
        enter(own);
        for (const index of markPositions(points, from, to)) candidates.push(pointAt(points, index));
        from = to;
      }
    },
    addMarks(marks) {
      const [first] = marks;
      if (first === undefined) return;
      enter(bucketOf(buckets, axis === 'step' ? first.step : first.time));
      candidates.push(...marks);
    },
    result() {
      close();
      return columnsOf(kept);
    },
  };
}

/** Where an interval ends among ascending positions: found by doubling, so that short and long stretches are both quick. */
function endOfBucket(positions: Float64Array, from: number, own: number, buckets: Buckets): number {
  const count = positions.length;
  const isIn = (index: number) => bucketOf(buckets, positions[index] ?? 0) === own;
  let reach = 1;
  while (from + reach < count && isIn(from + reach)) reach *= 2;
  let [least, most] = [from + Math.floor(reach / 2), Math.min(count, from + reach)];
  // positions[least] is in it; positions[most] is not, or is behind the end.
  while (most - least > 1) {
    const middle = (least + most) >> 1;
    if (isIn(middle)) least = middle;
    else most = middle;
  }
  return most;
}

function columnsOf(points: readonly SeriesPoint[]): PointColumns {
  return {
    steps: Float64Array.from(points, ({ step }) => step),
    times: Float64Array.from(points, ({ time }) => time),
    values: Float64Array.from(points, ({ value }) => value),
  };
}
