import type Database from 'better-sqlite3';
import { metricValue, type StoredValue } from '../metric-value.ts';
import { sortedPoints } from './point-columns.ts';
import { replaceSegments } from './segments.ts';

/** Moves the rows of the table `point`, one a point, into segments, and drops it. */
export function segmentsFromPoints(db: Database.Database): void {
  const series = db.prepare('SELECT id FROM series').pluck().all() as number[];
  const rows = db.prepare('SELECT step, time, value FROM point WHERE series = ? ORDER BY step, time').raw();
  for (const id of series) {
    const points = rows.all(id) as [number, number, StoredValue][];
    const columns = {
      steps: Float64Array.from(points, ([step]) => step),
      times: Float64Array.from(points, ([, time]) => time),
      values: Float64Array.from(points, ([, , value]) => metricValue(value)),
    };
    if (points.length > 0) replaceSegments(db, id, [], sortedPoints(columns));
  }
  db.exec('DROP TABLE point');
}
