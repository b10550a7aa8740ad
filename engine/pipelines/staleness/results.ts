import type Database from 'better-sqlite3';
import { prepared } from '../../store/index.ts';
import type { StageReason } from '../../../contract/index.ts';
import type { StageInputs } from './stage-inputs.ts';

/** What a stage wrote. */
export interface RecordedOutput {
  readonly path: string;
  readonly version: string;
  /** True when the version is recorded with its files, so that it can be brought back. */
  readonly isKept: boolean;
}

/** What is known of a run of a stage that ended well. */
export interface StageResult {
  readonly id: number;
  readonly stage: string;
  /** Null when what it read changed while it ran. */
  readonly key: string | null;
  readonly runId: string;
  readonly recordedAt: number;
  readonly inputs: StageInputs;
  readonly outputs: readonly RecordedOutput[];
  /** Why it ran. */
  readonly reasons: readonly StageReason[];
  /** Files that it was seen reading and that are not among its deps. */
  readonly undeclared: readonly string[];
  /** sha256 of the stage's entry in dvc.lock as it was left then; null where there is no such file. */
  readonly lockEntry: string | null;
  /** How long its run took. */
  readonly elapsedMs: number | null;
}

interface Row {
  readonly id: number;
  readonly stage: string;
  readonly key: string | null;
  readonly run_id: string;
  readonly recorded_at: number;
  readonly inputs: string;
  readonly outputs: string;
  readonly reasons: string;
  readonly undeclared: string;
  readonly lock_entry: string | null;
  readonly elapsed_ms: number | null;
}

const resultOfRow = (row: Row): StageResult => ({
  id: row.id,
  stage: row.stage,
  key: row.key,
  runId: row.run_id,
  recordedAt: row.recorded_at,
  inputs: JSON.parse(row.inputs) as StageInputs,
  outputs: JSON.parse(row.outputs) as RecordedOutput[],
  reasons: JSON.parse(row.reasons) as StageReason[],
  undeclared: JSON.parse(row.undeclared) as string[],
  lockEntry: row.lock_entry,
  elapsedMs: row.elapsed_ms,
});

function firstOf(rows: readonly unknown[]): StageResult | null {
  const [row] = rows as Row[];
  return row === undefined ? null : resultOfRow(row);
}

/** The newest result under a key. */
export const resultByKey = (db: Database.Database, projectId: string, key: string): StageResult | null =>
  firstOf(
    prepared(
      db,
      'SELECT * FROM stage_result WHERE project_id = +? AND key = +? ORDER BY id DESC LIMIT 1',
    ).all(projectId, key),
  );

/** The result that the outputs of a stage were last made or brought back by. */
export const lastResult = (db: Database.Database, projectId: string, stage: string): StageResult | null =>
  firstOf(
    prepared(
      db,
      'SELECT * FROM stage_result WHERE project_id = +? AND stage = +? ORDER BY used_at DESC, id DESC LIMIT 1',
    ).all(projectId, stage),
  );

export const resultOfRun = (db: Database.Database, runId: string): StageResult | null =>
  firstOf(prepared(db, 'SELECT * FROM stage_result WHERE run_id = ?').all(runId));

/** The results of a stage, the newest first. */
export const resultsOf = (
  db: Database.Database,
  projectId: string,
  stage: string,
  limit: number,
): StageResult[] =>
  (
    prepared(
      db,
      'SELECT * FROM stage_result WHERE project_id = ? AND stage = ? ORDER BY id DESC LIMIT ?',
    ).all(projectId, stage, limit) as Row[]
  ).map(resultOfRow);

/** How long a stage takes: the median of its latest runs, in ms; null where there is none. */
export function expectedMs(db: Database.Database, projectId: string, stage: string): number | null {
  const times = prepared(
    db,
    `SELECT elapsed_ms FROM stage_result WHERE project_id = +? AND stage = +? AND elapsed_ms IS NOT NULL
     ORDER BY used_at DESC, id DESC LIMIT 5`,
  )
    .pluck()
    .all(projectId, stage) as number[];
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? null;
}

export function recordResult(
  db: Database.Database,
  projectId: string,
  result: Omit<StageResult, 'id'>,
): void {
  prepared(
    db,
    `INSERT OR IGNORE INTO stage_result
       (project_id, stage, key, run_id, recorded_at, used_at, inputs, outputs, reasons, undeclared, lock_entry,
        elapsed_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    projectId,
    result.stage,
    result.key,
    result.runId,
    result.recordedAt,
    result.recordedAt,
    JSON.stringify(result.inputs),
    JSON.stringify(result.outputs),
    JSON.stringify(result.reasons),
    JSON.stringify(result.undeclared),
    result.lockEntry,
    result.elapsedMs,
  );
}

/** The outputs of a result lie in the project again. */
export function markUsed(db: Database.Database, id: number, at: number): void {
  prepared(db, 'UPDATE stage_result SET used_at = ? WHERE id = ?').run(at, id);
}
