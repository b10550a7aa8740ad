import type Database from 'better-sqlite3';
import type { SeriesView } from '../../contract/index.ts';
import { m4Indices } from './m4.ts';
import { metricValue, type StoredValue } from './metric-value.ts';

export interface SeriesRequest {
  readonly runIds: readonly string[];
  readonly keys?: readonly string[] | undefined;
  readonly axis: 'step' | 'time';
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Buckets along the axis: the chart's width in pixels. */
  readonly points: number;
}

/** The series asked for, each thinned to at most about four points a bucket. */
export function seriesViews(db: Database.Database, request: SeriesRequest): SeriesView[] {
  const found = db
    .prepare(
      `SELECT s.id, r.run_id AS runId, n.text AS key FROM run r JOIN series s ON s.run = r.id JOIN name n ON n.id = s.name
       WHERE r.run_id IN (SELECT value FROM json_each(?)) ${request.keys === undefined ? '' : 'AND n.text IN (SELECT value FROM json_each(?))'}
       ORDER BY n.text, r.id LIMIT 5000`,
    )
    .all(
      JSON.stringify(request.runIds),
      ...(request.keys === undefined ? [] : [JSON.stringify(request.keys)]),
    ) as {
    id: number;
    runId: string;
    key: string;
  }[];
  const column = request.axis === 'step' ? 'step' : 'time';
  const points = db
    .prepare(
      `SELECT step, time, value FROM point WHERE series = ? AND ${column} >= ? AND ${column} <= ? ORDER BY ${column}, step, time`,
    )
    .raw();
  return found.map(({ id, runId, key }) => {
    const rows = points.all(
      id,
      request.from ?? Number.MIN_SAFE_INTEGER,
      request.to ?? Number.MAX_SAFE_INTEGER,
    ) as [number, number, StoredValue][];
    const steps = new Float64Array(rows.length);
    const times = new Float64Array(rows.length);
    const all = new Float64Array(rows.length);
    rows.forEach(([step, time, value], index) => {
      steps[index] = step;
      times[index] = time;
      all[index] = metricValue(value);
    });
    const kept = m4Indices(request.axis === 'step' ? steps : times, all, request.points);
    return {
      runId,
      key,
      pointCount: rows.length,
      steps: pick(steps, kept),
      times: pick(times, kept),
      values: pick(all, kept),
    };
  });
}

function pick(column: Float64Array, indices: Uint32Array): Float64Array<ArrayBuffer> {
  const picked = new Float64Array(indices.length);
  indices.forEach((from, to) => {
    picked[to] = column[from] ?? Number.NaN;
  });
  return picked;
}
