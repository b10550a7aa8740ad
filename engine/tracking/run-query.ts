import type Database from 'better-sqlite3';
import { prepared, type Cursor } from '../store/index.ts';
import { recordedColumns, recordedRunsOf, type RecordedRow, type RecordedRun } from './recorded-run.ts';
import { findRuns, type RunSearch } from './search/find-runs.ts';

/** One page of runs as a tracking client sees them. */
export function runQuery(
  db: Database.Database,
  search: RunSearch,
): { runs: RecordedRun[]; next: Cursor | null } {
  const { runs, next } = findRuns(db, search);
  const rows = prepared(
    db,
    `SELECT ${recordedColumns} FROM json_each(?) c CROSS JOIN run r ON r.id = c.value
     CROSS JOIN experiment e ON e.id = r.experiment ORDER BY c.key`,
  ).all(JSON.stringify(runs)) as RecordedRow[];
  return { runs: recordedRunsOf(db, rows), next };
}
