import type Database from 'better-sqlite3';
import { prepared, type Cursor } from '../store/index.ts';
import { bareRunsOf, recordedColumns, type RecordedRow, type RecordedRun } from './recorded-run.ts';
import { findRuns, type RunSearch } from './search/find-runs.ts';

/** A run whose params and metrics are JSON already: the items of two lists, a comma apart, as MLflow's answers have them. */
export interface WrittenRun {
  /** Without its params and metrics. */
  readonly run: RecordedRun;
  readonly params: string;
  readonly metrics: string;
}

/** One page of runs as a tracking client sees them. */
export function runQuery(
  db: Database.Database,
  search: RunSearch,
): { runs: WrittenRun[]; next: Cursor | null } {
  const { runs, next } = findRuns(db, search);
  const ids = JSON.stringify(runs);
  const rows = prepared(
    db,
    `SELECT ${recordedColumns} FROM json_each(?) c CROSS JOIN run r ON r.id = c.value
     CROSS JOIN experiment e ON e.id = r.experiment ORDER BY c.key`,
  ).all(ids) as RecordedRow[];
  const written = prepared(
    db,
    `SELECT (${paramsText}) AS params, (${metricsText}) AS metrics FROM json_each(?) c ORDER BY c.key`,
  ).all(ids) as { params: string; metrics: string }[];
  return {
    runs: bareRunsOf(db, rows).map((run, place) => ({
      run,
      ...(written[place] ?? { params: '', metrics: '' }),
    })),
    next,
  };
}

// SQLite writes the many of these: thousands of rows that JavaScript never sees. Its `json_quote` gives a double the 17 digits
// that bring the same one back, and NaN, kept as text, its quotes; an infinity would be 9.0e+999.
const paramsText = `SELECT coalesce(group_concat('{"key":' || json_quote(n.text) || ',"value":' || json_quote(p.value) || '}', ','), '')
  FROM param p CROSS JOIN name n ON n.id = p.name WHERE p.run = c.value`;
const metricsText = `SELECT coalesce(group_concat('{"key":' || json_quote(n.text) || ',"value":'
    || CASE s.last_value WHEN 9e999 THEN '"Infinity"' WHEN -9e999 THEN '"-Infinity"' ELSE json_quote(s.last_value) END
    || ',"timestamp":' || json_quote(s.last_time) || ',"step":' || json_quote(s.last_step) || '}', ','), '')
  FROM series s CROSS JOIN name n ON n.id = s.name WHERE s.run = c.value AND s.point_count > 0 AND s.is_ignored = 0`;
