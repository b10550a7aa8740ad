import type Database from 'better-sqlite3';
import { prepared } from '../../store/index.ts';
import { metricValue, storedValue, type StoredValue } from '../metric-value.ts';
import {
  comparePoints,
  joinedPoints,
  pointAt,
  sortedPoints,
  type PointColumns,
  type SeriesPoint,
} from './point-columns.ts';
import {
  fullSegment,
  lastSegments,
  openSegment,
  pointsOfSegment,
  replaceSegments,
  segmentAfter,
  segmentsBetween,
  segmentUpTo,
  type Segment,
} from './segments.ts';

/**
 * Puts points, in any order, into the segments of a series and brings its summary up to date. What is there already (same
 * step, time and value) is dropped, so that adding again changes nothing. Returns true when the series has gathered enough
 * small segments to be sealed.
 */
export function addPoints(db: Database.Database, series: number, arrived: PointColumns): boolean {
  const points = sortedPoints(arrived);
  const count = points.steps.length;
  if (count === 0) return false;
  const first = pointAt(points, 0);
  const last = pointAt(points, count - 1);
  const [tail] = lastSegments(db, series, 1);
  const isBehindAll =
    tail === undefined ||
    first.step > tail.lastStep ||
    (first.step === tail.lastStep && first.time > tail.lastTime);
  if (isBehindAll) {
    const isOpen = tail !== undefined && tail.count < openSegment;
    const whole = isOpen ? joinedPoints([pointsOfSegment(db, series, tail), points]) : points;
    replaceSegments(db, series, isOpen ? [tail] : [], whole);
    sumUp(db, series, points, count, last);
    return whole.steps.length >= openSegment && tail !== undefined && canSeal(db, series);
  }
  const touched = touchedSegments(db, series, first, last);
  const known = joinedPoints(touched.map((segment) => pointsOfSegment(db, series, segment)));
  const merged = sortedPoints(joinedPoints([known, points]));
  const added = merged.steps.length - known.steps.length;
  if (added === 0) return false;
  replaceSegments(db, series, touched, merged);
  sumUp(db, series, points, added, last);
  return canSeal(db, series);
}

/** Those that points between two places have to be compared with or, where there are none, a small neighbour to join. */
function touchedSegments(
  db: Database.Database,
  series: number,
  first: SeriesPoint,
  last: SeriesPoint,
): Segment[] {
  const between = segmentsBetween(db, series, [first.step, first.time], [last.step, last.time]);
  if (between.length > 0) return between;
  const before = segmentUpTo(db, series, [first.step, first.time]);
  if (before !== null && before.count < openSegment) return [before];
  const after = segmentAfter(db, series, [last.step, last.time]);
  return after !== null && after.count < openSegment
    ? segmentsBetween(db, series, [after.firstStep, after.firstTime], [after.lastStep, after.lastTime])
    : [];
}

/** Folds new points into the summary: count, last (greatest step, time, value), least and greatest finite value. */
function sumUp(
  db: Database.Database,
  series: number,
  { values }: PointColumns,
  added: number,
  last: SeriesPoint,
): void {
  let least: number | null = null;
  let greatest: number | null = null;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (least === null || value < least) least = value;
    if (greatest === null || value > greatest) greatest = value;
  }
  const before = prepared(
    db,
    'SELECT point_count, last_step, last_time, last_value FROM series WHERE id = ?',
  ).get(series) as { point_count: number; last_step: number; last_time: number; last_value: StoredValue };
  const known = { step: before.last_step, time: before.last_time, value: metricValue(before.last_value) };
  const latest = before.point_count === 0 || comparePoints(last, known) > 0 ? last : known;
  // In SQL min(x, NULL) is NULL, so points without a finite value leave both bounds as they were.
  prepared(
    db,
    `UPDATE series SET point_count = point_count + $added, last_step = $step, last_time = $time, last_value = $value,
       min_value = coalesce(min(coalesce(min_value, $least), $least), min_value),
       max_value = coalesce(max(coalesce(max_value, $greatest), $greatest), max_value)
     WHERE id = $series`,
  ).run({
    added,
    step: latest.step,
    time: latest.time,
    value: storedValue(latest.value),
    least,
    greatest,
    series,
  });
}

/** The small segments at the end of a series, in order. */
function unsealed(db: Database.Database, series: number): Segment[] {
  const last = lastSegments(db, series, 2 * Math.ceil(fullSegment / openSegment));
  const full = last.findIndex(({ count }) => count >= fullSegment);
  return (full < 0 ? last : last.slice(0, full)).toReversed();
}

const pointCountOf = (segments: readonly Segment[]): number =>
  segments.reduce((sum, { count }) => sum + count, 0);

const canSeal = (db: Database.Database, series: number): boolean => {
  const small = unsealed(db, series);
  return small.length > 1 && pointCountOf(small) >= fullSegment;
};

/** Makes full segments of the small ones at the end of a series; what is left over stays small. */
export function sealSeries(db: Database.Database, series: number): void {
  const small = unsealed(db, series);
  if (small.length < 2 || pointCountOf(small) < fullSegment) return;
  replaceSegments(
    db,
    series,
    small,
    joinedPoints(small.map((segment) => pointsOfSegment(db, series, segment))),
  );
}
