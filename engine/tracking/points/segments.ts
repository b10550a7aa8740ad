import type Database from 'better-sqlite3';
import { prepared } from '../../store/index.ts';
import { bytesOf, pointsOf } from './point-bytes.ts';
import { pointsBetween, type PointColumns } from './point-columns.ts';
import { marksOf, readMarks, type Mark } from './segment-marks.ts';

/** No segment holds more: a drawing that needs one end of a segment reads all of it. */
export const fullSegment = 2048;
/** The last segment of a series is written anew with what comes, until it holds this many; the row then still fits its page. */
export const openSegment = 96;
/** Smaller segments are read sooner than their marks would be. */
const markedSegment = 512;

/** What is known of a segment without reading its points. Segments of a series follow each other and never overlap. */
export interface Segment {
  readonly firstStep: number;
  readonly firstTime: number;
  /** Tells apart segments that begin at the same step and time. */
  readonly part: number;
  readonly lastStep: number;
  readonly lastTime: number;
  readonly minTime: number;
  readonly maxTime: number;
  /** True when its times never fall from point to point. */
  readonly isInTimeOrder: boolean;
  readonly count: number;
}

/** A segment with what it was read with. */
export interface ReadSegment extends Segment {
  /** Null for a small one, and where they were not asked for. */
  marks(): readonly Mark[] | null;
  points(): PointColumns;
}

interface SegmentRow {
  first_step: number;
  first_time: number;
  part: number;
  last_step: number;
  last_time: number;
  count: number;
  min_time: number | null;
  max_time: number | null;
}

const head = 'first_step, first_time, part, last_step, last_time, count, min_time, max_time';
const order = 'first_step, first_time, part';
const backwards = 'first_step DESC, first_time DESC, part DESC';

const segmentOf = (row: SegmentRow): Segment => ({
  firstStep: row.first_step,
  firstTime: row.first_time,
  part: row.part,
  lastStep: row.last_step,
  lastTime: row.last_time,
  minTime: row.min_time ?? row.first_time,
  maxTime: row.max_time ?? row.last_time,
  isInTimeOrder: row.min_time === null,
  count: row.count,
});

/** A part of an axis, both ends included. */
export interface AxisRange {
  readonly axis: 'step' | 'time';
  readonly from: number;
  readonly to: number;
}

const within = {
  step: 'last_step >= ? AND first_step <= ?',
  time: 'coalesce(max_time, last_time) >= ? AND coalesce(min_time, first_time) <= ?',
};

type WholeRow = [number, number, number, number, number, number, number | null, number | null, Buffer | null];

/**
 * The segments of a series that have points in a range, in order: with their points, in one reading, or with their marks,
 * and then each one's points are read when they are asked for.
 */
export function segmentsWithin(
  db: Database.Database,
  series: number,
  { axis, from, to }: AxisRange,
  holding: 'points' | 'marks',
): ReadSegment[] {
  const column = holding === 'points' ? 'body' : 'marks';
  const rows = prepared(
    db,
    `SELECT ${head}, ${column} FROM segment WHERE series = ? AND ${within[axis]} ORDER BY ${order}`,
  )
    .raw()
    .all(series, from, to) as WholeRow[];
  return rows.map((row) => {
    const [firstStep, firstTime, part, lastStep, lastTime, count, minTime, maxTime, bytes] = row;
    const segment = {
      firstStep,
      firstTime,
      part,
      lastStep,
      lastTime,
      minTime: minTime ?? firstTime,
      maxTime: maxTime ?? lastTime,
      isInTimeOrder: minTime === null,
      count,
    };
    const holds = holding === 'points';
    return {
      ...segment,
      marks: () => (holds || bytes === null ? null : readMarks(bytes)),
      points: () => (holds && bytes !== null ? pointsOf(bytes) : pointsOfSegment(db, series, segment)),
    };
  });
}

/** The last segments of a series, the last one first. */
export function lastSegments(db: Database.Database, series: number, limit: number): Segment[] {
  const rows = prepared(db, `SELECT ${head} FROM segment WHERE series = ? ORDER BY ${backwards} LIMIT ?`).all(
    series,
    limit,
  ) as SegmentRow[];
  return rows.map(segmentOf);
}

/** A step and a time: where a segment begins or ends. */
export type Place = readonly [step: number, time: number];

/** The last segment that begins at a place or before it. */
export function segmentUpTo(db: Database.Database, series: number, [step, time]: Place): Segment | null {
  const row = prepared(
    db,
    `SELECT ${head} FROM segment WHERE series = ? AND (first_step, first_time) <= (?, ?) ORDER BY ${backwards} LIMIT 1`,
  ).get(series, step, time) as SegmentRow | undefined;
  return row === undefined ? null : segmentOf(row);
}

/** The first segment that begins after a place. */
export function segmentAfter(db: Database.Database, series: number, [step, time]: Place): Segment | null {
  const row = prepared(
    db,
    `SELECT ${head} FROM segment WHERE series = ? AND (first_step, first_time) > (?, ?) ORDER BY ${order} LIMIT 1`,
  ).get(series, step, time) as SegmentRow | undefined;
  return row === undefined ? null : segmentOf(row);
}

/** The segments that hold points between two places or beside them, both ends included, in order. */
export function segmentsBetween(db: Database.Database, series: number, from: Place, to: Place): Segment[] {
  const found: Segment[] = [];
  const rows = prepared(
    db,
    `SELECT ${head} FROM segment WHERE series = ? AND (first_step, first_time) <= (?, ?) ORDER BY ${backwards}`,
  ).iterate(series, to[0], to[1]) as IterableIterator<SegmentRow>;
  for (const row of rows) {
    if (row.last_step < from[0] || (row.last_step === from[0] && row.last_time < from[1])) break;
    found.push(segmentOf(row));
  }
  found.reverse();
  // Those that begin where the last one ends are its continuation: their keys would collide if it alone were cut anew.
  for (;;) {
    const last = found.at(-1);
    if (last === undefined) return found;
    const next = prepared(
      db,
      `SELECT ${head} FROM segment WHERE series = ? AND first_step = ? AND first_time = ? AND (first_step, first_time, part) > (?, ?, ?) ORDER BY ${order} LIMIT 1`,
    ).get(series, last.lastStep, last.lastTime, last.firstStep, last.firstTime, last.part) as
      | SegmentRow
      | undefined;
    if (next === undefined) return found;
    found.push(segmentOf(next));
  }
}

export function pointsOfSegment(db: Database.Database, series: number, segment: Segment): PointColumns {
  const row = prepared(
    db,
    'SELECT body FROM segment WHERE series = ? AND first_step = ? AND first_time = ? AND part = ?',
  ).get(series, segment.firstStep, segment.firstTime, segment.part) as { body: Buffer };
  return pointsOf(row.body);
}

/** Puts points, in order and none twice, in the place of segments that hold nothing else. */
export function replaceSegments(
  db: Database.Database,
  series: number,
  replaced: readonly Segment[],
  points: PointColumns,
): void {
  const [first] = replaced;
  const remove = prepared(
    db,
    'DELETE FROM segment WHERE series = ? AND first_step = ? AND first_time = ? AND part = ?',
  );
  for (const segment of replaced) remove.run(series, segment.firstStep, segment.firstTime, segment.part);
  let before: { step: number; time: number; part: number } | null = null;
  for (let from = 0; from < points.steps.length; from += fullSegment) {
    const piece = pointsBetween(points, from, Math.min(from + fullSegment, points.steps.length));
    const step = piece.steps[0] ?? 0;
    const time = piece.times[0] ?? 0;
    let part: number = before !== null && before.step === step && before.time === time ? before.part + 1 : 0;
    if (before === null && first !== undefined && first.firstStep === step && first.firstTime === time)
      part = first.part;
    insertSegment(db, series, part, piece);
    before = { step, time, part };
  }
}

function insertSegment(db: Database.Database, series: number, part: number, points: PointColumns): void {
  const { steps, times } = points;
  const count = steps.length;
  const bounds = timeBounds(times);
  prepared(
    db,
    `INSERT INTO segment (series, first_step, first_time, part, last_step, last_time, count, min_time, max_time, marks, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    series,
    steps[0],
    times[0],
    part,
    steps[count - 1],
    times[count - 1],
    count,
    bounds?.[0] ?? null,
    bounds?.[1] ?? null,
    count >= markedSegment ? marksOf(points) : null,
    bytesOf(points),
  );
}

/** The least and the greatest time; null when times never fall, so that they are the first and the last. */
function timeBounds(times: Float64Array): [number, number] | null {
  let isAscending = true;
  for (let index = 1; index < times.length && isAscending; index++)
    isAscending = (times[index] ?? 0) >= (times[index - 1] ?? 0);
  if (isAscending) return null;
  return times.reduce<[number, number]>(
    ([least, greatest], time) => [Math.min(least, time), Math.max(greatest, time)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}
