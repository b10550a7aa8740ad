import type Database from 'better-sqlite3';
import { prepared } from '../store/index.ts';
import { recordRunData, type NotedData, type RunDataKey, type RunDataOutcome } from './run-data.ts';
import { outcomeOf } from './run-data-outcome.ts';
import { resolvedPath } from './real-path.ts';
import type { TakenSnapshot } from './take-snapshot.ts';

/**
 * Within the commit that records a run: that it reads a path, declared as its input, of which this is the latest recorded version. Null
 * where it is not, and nothing is noted.
 */
export function noteKnownInput(
  db: Database.Database,
  runId: string,
  { path: asked, version, at }: { path: string; version: string; at: number },
): NotedData | null {
  const path = resolvedPath(asked);
  const dataSetId = prepared(
    db,
    `UPDATE data_moment SET last_seen_at = ?
     WHERE id = (SELECT id FROM data_moment WHERE data_set = (SELECT id FROM data_set WHERE path = ?) ORDER BY id DESC LIMIT 1)
       AND version = ? AND problem_count = 0
     RETURNING data_set`,
  )
    .pluck()
    .get(at, path, version) as number | undefined;
  if (dataSetId === undefined) return null;
  const key: RunDataKey = { runId, dataSetId, role: 'input' };
  const outcome: RunDataOutcome = { state: 'recorded', version, note: null };
  recordRunData(db, { ...key, knownBy: 'declared' }, outcome);
  return { ...key, path, knownBy: ['declared'], outcome };
}

/** Records that a run wrote what was taken of one of its declared outputs. */
export function noteOutput(db: Database.Database, runId: string, taken: TakenSnapshot): void {
  const { dataSetId } = taken;
  recordRunData(db, { runId, dataSetId, role: 'output', knownBy: 'declared' }, outcomeOf(taken, Infinity));
}
