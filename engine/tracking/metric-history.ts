import type Database from 'better-sqlite3';
import { metricValue, type StoredValue } from './metric-value.ts';
import type { Point } from './writes.ts';

type PointRow = { step: number; time: number; value: StoredValue };
type HistoryCursor = readonly [timeMs: number, step: number, value: number, isNaN: number];

/** The value that stands for NaN where points are ordered, as in MLflow. */
const ordered = "iif(typeof(value) = 'text', 0, value)";
const isNaNValue = "(typeof(value) = 'text')";

/** Points of one metric of one run by (time, step, value): a page of at most `limit` after a cursor. */
export function metricHistory(
  db: Database.Database,
  input: { runId: string; key: string; after: HistoryCursor | null; limit: number },
): { points: Point[]; next: HistoryCursor | null } {
  const series = seriesOf(db, input.runId, input.key);
  if (series === undefined) return { points: [], next: null };
  const [time, step, value, isNaN] = input.after ?? [0, 0, 0, 0];
  const beyond =
    input.after === null
      ? ''
      : `AND (time, step, ${ordered}, ${isNaNValue}) > (CAST(? AS INTEGER), CAST(? AS INTEGER), ?, ?)`;
  const rows = db
    .prepare(
      `SELECT step, time, value FROM point WHERE series = ? ${beyond} ORDER BY time, step, ${ordered}, ${isNaNValue} LIMIT ?`,
    )
    .all(series, ...(input.after === null ? [] : [time, step, value, isNaN]), input.limit + 1) as PointRow[];
  const kept = rows.slice(0, input.limit);
  const last = kept.at(-1);
  return {
    points: kept.map((row) => pointOf(input.key, row)),
    next:
      rows.length > input.limit && last !== undefined
        ? [
            last.time,
            last.step,
            ...(typeof last.value === 'number' ? ([last.value, 0] as const) : ([0, 1] as const)),
          ]
        : null,
  };
}

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
  const range = input.steps === null ? '' : 'AND step >= ? AND step <= ?';
  const values = input.steps === null ? [series] : [series, input.steps.from, input.steps.to];
  const order = `step, time, ${ordered}, ${isNaNValue}`;
  const total = db
    .prepare(`SELECT count(*) FROM point WHERE series = ? ${range}`)
    .pluck()
    .get(...values) as number;
  const rows = db
    .prepare(
      `SELECT step, time, value FROM (
         SELECT step, time, value, row_number() OVER (ORDER BY ${order}) - 1 AS position FROM point WHERE series = ? ${range}
       ) WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position`,
    )
    .all(...values, JSON.stringify(shareStarts(total, input.limit))) as PointRow[];
  return rows.map((row) => pointOf(input.key, row));
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
  return db
    .prepare(
      'SELECT s.id FROM series s JOIN run r ON r.id = s.run JOIN name n ON n.id = s.name WHERE r.run_id = ? AND n.text = ?',
    )
    .pluck()
    .get(runId, key) as number | undefined;
}

const pointOf = (key: string, row: PointRow): Point => ({
  key,
  step: row.step,
  timeMs: row.time,
  value: metricValue(row.value),
});
