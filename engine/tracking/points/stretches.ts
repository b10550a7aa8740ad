import type Database from 'better-sqlite3';
import { joinedPoints, pickPoints, pointsBetween, type PointColumns } from './point-columns.ts';
import { segmentsWithin, type AxisRange, type ReadSegment } from './segments.ts';
import type { Mark } from './segment-marks.ts';

/** Points of a series that stand together along an axis: all points of later stretches come after them. */
export interface Stretch {
  /** Positions of the first and the last point. */
  readonly start: number;
  readonly end: number;
  readonly count: number;
  /** Null where they are not known without reading the points. */
  marks(): readonly Mark[] | null;
  /** In the order of the axis: (step, time, value) or (time, step, value). */
  points(): PointColumns;
}

/**
 * A part of a series as stretches along an axis, nearly always one a segment. Only stretches that reach over its ends are
 * read for it.
 * @param holding as for `segmentsWithin`: 'points' where all will be read, 'marks' where few will.
 */
export function stretchesOf(
  db: Database.Database,
  series: number,
  range: AxisRange,
  holding: 'points' | 'marks',
): Stretch[] {
  const segments = segmentsWithin(db, series, range, holding);
  const stretches =
    range.axis === 'step'
      ? segments.map((segment) => ({
          start: segment.firstStep,
          end: segment.lastStep,
          count: segment.count,
          marks: segment.marks,
          points: segment.points,
        }))
      : timeGroups(segments).map(timeStretch);
  return stretches.flatMap((stretch) => cut(stretch, range));
}

export const wholeAxis = (axis: 'step' | 'time'): AxisRange => ({
  axis,
  from: Number.NEGATIVE_INFINITY,
  to: Number.POSITIVE_INFINITY,
});

/** Segments in the order of their times, those together whose times run into each other. */
function timeGroups(segments: readonly ReadSegment[]): ReadSegment[][] {
  const places = new Map(segments.map((segment, place) => [segment, place]));
  const placeOf = (segment: ReadSegment) => places.get(segment) ?? 0;
  const groups: ReadSegment[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  let place = -1;
  for (const segment of segments.toSorted((a, b) => a.minTime - b.minTime)) {
    // Points of one time are in the order of their steps, as segments are.
    const isApart = segment.minTime > end || (segment.minTime === end && placeOf(segment) > place);
    if (isApart) groups.push([segment]);
    else groups.at(-1)?.push(segment);
    end = Math.max(end, segment.maxTime);
    place = Math.max(place, placeOf(segment));
  }
  for (const group of groups) if (group.length > 1) group.sort((a, b) => placeOf(a) - placeOf(b));
  return groups;
}

function timeStretch(group: readonly ReadSegment[]): Stretch {
  const [first] = group;
  const isInOrder = group.length === 1 && first?.isInTimeOrder === true;
  return {
    start: Math.min(...group.map(({ minTime }) => minTime)),
    end: Math.max(...group.map(({ maxTime }) => maxTime)),
    count: group.reduce((sum, { count }) => sum + count, 0),
    marks: () => (isInOrder ? first.marks() : null),
    points() {
      const points = joinedPoints(group.map((segment) => segment.points()));
      return isInOrder ? points : byTime(points);
    },
  };
}

/** Points of a series put in the order of their times. Those of one time keep their order, which is by step and value. */
function byTime(points: PointColumns): PointColumns {
  const { times } = points;
  const order = Array.from(times, (_, index) => index);
  // An array's own sort is stable and quick where long runs are in order already.
  order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  return pickPoints(points, order);
}

/** Where the first of ascending positions is that is not below (or, past equal ones, not at) a bound. */
export function firstFrom(positions: Float64Array, bound: number, isPastEqual = false): number {
  let [low, high] = [0, positions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const position = positions[middle] ?? 0;
    if (position < bound || (isPastEqual && position === bound)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The part of a stretch between two positions, both included; none where nothing is there. */
function cut(stretch: Stretch, { axis, from, to }: AxisRange): Stretch[] {
  if (stretch.start >= from && stretch.end <= to) return [stretch];
  const whole = stretch.points();
  const along = axis === 'step' ? whole.steps : whole.times;
  const points = pointsBetween(whole, firstFrom(along, from), firstFrom(along, to, true));
  const own = axis === 'step' ? points.steps : points.times;
  const [start, end] = [own[0], own.at(-1)];
  return start === undefined || end === undefined
    ? []
    : [{ start, end, count: own.length, marks: () => null, points: () => points }];
}
