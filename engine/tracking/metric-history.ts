import type Database from 'better-sqlite3';
import { prepared } from '../store/index.ts';
import type { Point } from './points/point-batch.ts';
import { compareByTime, pointAt, type SeriesPoint } from './points/point-columns.ts';
import { stretchesOf, wholeAxis } from './points/stretches.ts';

/** The point after which a page begins. */
export type HistoryCursor = SeriesPoint;

/** Points of one metric of one run by (time, step, value): a page of at most `limit` after a cursor. */
export function metricHistory(
  db: Database.Database,
  input: { runId: string; key: string; after: HistoryCursor | null; limit: number },
): { points: Point[]; next: HistoryCursor | null } {
  const series = seriesOf(db, input.runId, input.key);
  const points: Point[] = [];
  if (series === undefined) return { points, next: null };
  const rest = { ...wholeAxis('time'), ...(input.after === null ? {} : { from: input.after.time }) };
  for (const stretch of stretchesOf(db, series, rest, 'marks')) {
    const columns = stretch.points();
    for (let index = 0; index < columns.times.length; index++) {
      const point = pointAt(columns, index);
      if (input.after !== null && compareByTime(point, input.after) <= 0) continue;
      const last = points.at(-1);
      if (points.length >= input.limit)
        return { points, next: last === undefined ? input.after : cursorOf(last) };
      points.push(pointOf(input.key, point));
    }
  }
  return { points, next: null };
}

const cursorOf = ({ step, timeMs, value }: Point): HistoryCursor => ({ step, time: timeMs, value });

/**
 * At most `limit` points of one metric of one run, evenly chosen over the rows in the order (step, time, value): the first
 * of each of `limit` equal shares, and always the last.
 */
export function sampledHistory(
  db: Database.Database,
  input: { runId: string; key: string; limit: number; steps: { from: number; to: number } | null },
): Point[] {
  const series = seriesOf(db, input.runId, input.key);
  if (series === undefined) return [];
  const stretches = stretchesOf(db, series, { ...wholeAxis('step'), ...input.steps }, 'marks');
  const total = stretches.reduce((sum, { count }) => sum + count, 0);
  const starts = shareStarts(total, input.limit);
  const points: Point[] = [];
  let passed = 0;
  for (const stretch of stretches) {
    if ((starts[points.length] ?? total) < passed + stretch.count) {
      const columns = stretch.points();
      for (
        let position = starts[points.length];
        position !== undefined && position < passed + stretch.count;
        position = starts[points.length]
      )
        points.push(pointOf(input.key, pointAt(columns, position - passed)));
    }
    passed += stretch.count;
  }
  return points;
}

/** The first position of each share when `total` rows are dealt into `shares` (NTILE), the last one replaced or followed by the end. */
function shareStarts(total: number, shares: number): number[] {
  const count = Math.min(total, shares);
  const size = Math.floor(total / shares);
  const longer = total % shares;
  const starts = Array.from({ length: count }, (_, share) => share * size + Math.min(share, longer));
  if (total > 0 && starts.at(-1) !== total - 1) {
    if (starts.length >= shares) starts.pop();
    starts.push(total - 1);
  }
  return starts;
}

function seriesOf(db: Database.Database, runId: string, key: string): number | undefined {
  const row = prepared(
    db,
    'SELECT s.id FROM series s JOIN run r ON r.id = s.run JOIN name n ON n.id = s.name WHERE r.run_id = ? AND n.text = ?',
  ).get(runId, key) as { id: number } | undefined;
  return row?.id;
}

const pointOf = (key: string, { step, time, value }: SeriesPoint): Point => ({
  key,
  step,
  timeMs: time,
  value,
});
