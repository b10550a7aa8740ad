import type Database from 'better-sqlite3';
import type { SeriesView } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { bucketOf, bucketsBetween, createM4, type Buckets } from './m4.ts';
import { emptyColumns, joinedPoints, noPoints, type PointColumns } from './points/point-columns.ts';
import { fullSegment } from './points/segments.ts';
import { stretchesOf, type Stretch } from './points/stretches.ts';

export interface SeriesRequest {
  readonly runIds: readonly string[];
  readonly keys?: readonly string[] | undefined;
  readonly axis: 'step' | 'time';
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Buckets along the axis: the chart's width in pixels. */
  readonly points: number;
}

/** A series by its number in the store. */
export interface SeriesAsked {
  readonly id: number;
  readonly runId: string;
  readonly key: string;
  readonly pointCount: number;
}

/** The series asked for, each thinned to at most about four points a bucket. */
export const seriesViews = (db: Database.Database, request: SeriesRequest): SeriesView[] =>
  viewsOf(db, { ...request, series: seriesAsked(db, request) });

/** As `seriesViews`, of series that were looked up already. */
export function viewsOf(
  db: Database.Database,
  request: Omit<SeriesRequest, 'runIds' | 'keys'> & {
    readonly series: readonly SeriesAsked[];
    /** Those of the whole drawing where only a part of it is asked for. */
    readonly buckets?: Buckets;
  },
): SeriesView[] {
  const { axis, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = request;
  return request.series.map(({ id, runId, key, pointCount }) => {
    // Where a pixel is narrower than a segment, nothing but the points will do.
    const holding = pointCount < request.points * fullSegment ? 'points' : 'marks';
    const stretches = stretchesOf(db, id, { axis, from, to }, holding);
    const { steps, times, values } = thinned(stretches, axis, request.points, request.buckets);
    return {
      runId,
      key,
      pointCount: pointCountOf(stretches),
      // Copies: a view of a larger buffer would send all of it.
      steps: steps.slice(),
      times: times.slice(),
      values: values.slice(),
    };
  });
}

/** The series that a request means, by name and by age of their runs. */
export const seriesAsked = (db: Database.Database, request: SeriesRequest): SeriesAsked[] =>
  selectAsked(
    db,
    request,
    's.id, r.run_id AS runId, n.text AS key, s.point_count AS pointCount',
    'ORDER BY n.text, r.id LIMIT 5000',
  ) as SeriesAsked[];

/** Where a series begins and ends along an axis; it has points. */
export function extentOf(
  db: Database.Database,
  series: number,
  axis: SeriesRequest['axis'],
): { start: number; end: number } {
  const [least, greatest] =
    axis === 'step'
      ? ['first_step', 'last_step']
      : ['coalesce(min_time, first_time)', 'coalesce(max_time, last_time)'];
  return prepared(
    db,
    `SELECT min(${least}) AS start, max(${greatest}) AS end FROM segment WHERE series = ?`,
  ).get(series) as { start: number; end: number };
}

/** How many series a request means, and how many points these have. */
export const sizeAsked = (
  db: Database.Database,
  request: SeriesRequest,
): { series: number; points: number } | undefined =>
  selectAsked(db, request, 'count(*) AS series, coalesce(sum(s.point_count), 0) AS points', '')[0] as
    | { series: number; points: number }
    | undefined;

function selectAsked(
  db: Database.Database,
  { runIds, keys }: SeriesRequest,
  columns: string,
  order: string,
): unknown[] {
  const names =
    keys === undefined ? 'AND s.is_ignored = 0' : 'AND n.text IN (SELECT value FROM json_each(?))';
  return prepared(
    db,
    `SELECT ${columns} FROM run r JOIN series s ON s.run = r.id JOIN name n ON n.id = s.name
     WHERE r.run_id IN (SELECT value FROM json_each(?)) ${names} ${order}`,
  ).all(JSON.stringify(runIds), ...(keys === undefined ? [] : [JSON.stringify(keys)]));
}

const pointCountOf = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, { count }) => sum + count, 0);

/** Where the points of one segment are read to while they are thinned. */
const scratch = emptyColumns(fullSegment);

/** All points where a drawing has room for them, else what M4 keeps; stretches within one bucket are not even read. */
function thinned(
  stretches: readonly Stretch[],
  axis: 'step' | 'time',
  count: number,
  given: Buckets | undefined,
): PointColumns {
  const [first] = stretches;
  const last = stretches.at(-1);
  if (first === undefined || last === undefined) return noPoints;
  if (pointCountOf(stretches) <= count * 4) return joinedPoints(stretches.map((stretch) => stretch.points()));
  const buckets = given ?? bucketsBetween(first.start, last.end, count);
  const m4 = createM4(axis, buckets);
  for (const stretch of stretches) {
    const isWithinOne = bucketOf(buckets, stretch.start) === bucketOf(buckets, stretch.end);
    const marks = isWithinOne ? stretch.marks() : null;
    if (marks === null) m4.addPoints(stretch.points(scratch));
    else m4.addMarks(marks);
  }
  return m4.result();
}
