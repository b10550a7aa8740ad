import type Database from 'better-sqlite3';
import { prepared } from '../store/index.ts';
import { recordRunData } from './run-data.ts';
import { outcomeOf } from './run-data-outcome.ts';
import { resolvedPath } from './real-path.ts';
import type { TakenSnapshot } from './take-snapshot.ts';

/** Within the commit that records a run: that it reads a path, declared as its input, of which this is the latest recorded version. */
export function noteKnownInput(
  db: Database.Database,
  runId: string,
  { path, version, at }: { path: string; version: string; at: number },
): void {
  const dataSetId = prepared(
    db,
    `UPDATE data_moment SET last_seen_at = ?
     WHERE id = (SELECT id FROM data_moment WHERE data_set = (SELECT id FROM data_set WHERE path = ?) ORDER BY id DESC LIMIT 1)
       AND version = ? AND problem_count = 0
     RETURNING data_set`,
  )
    .pluck()
    .get(at, resolvedPath(path), version) as number | undefined;
  if (dataSetId !== undefined)
    recordRunData(
      db,
      { runId, dataSetId, role: 'input', knownBy: 'declared' },
      { state: 'recorded', version, note: null },
    );
}

/** Records that a run wrote what was taken of one of its declared outputs. */
export function noteOutput(db: Database.Database, runId: string, taken: TakenSnapshot): void {
  const { dataSetId } = taken;
  recordRunData(db, { runId, dataSetId, role: 'output', knownBy: 'declared' }, outcomeOf(taken, Infinity));
}
