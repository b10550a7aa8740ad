import type Database from 'better-sqlite3';
import { z } from 'zod';
import {
  BenchtopError,
  type Execution,
  type ExecutionSummary,
  type StageExecution,
  type StageReason,
  type StageState,
} from '../../../contract/index.ts';
import { prepared } from '../../store/index.ts';

/** How an execution goes about its stages. */
const executionSettings = z.object({
  /** Slots that its stages share; null: as many as the runner has. */
  jobs: z.number().nullable(),
  isForced: z.boolean(),
  keepGoing: z.boolean(),
});
export type ExecutionSettings = z.infer<typeof executionSettings>;

/** A stage of an execution as its row holds it. */
export interface StageRow extends StageExecution {
  /** What it was judged by. */
  key: string | null;
  memoryBytes: number | null;
}

export interface ExecutionRecord extends Omit<Execution, 'stages'> {
  settings: ExecutionSettings;
}

interface ExecutionColumns {
  number: number;
  id: string;
  project_id: string;
  status: Execution['status'];
  cause: string;
  settings: string;
  started_at: number;
  ended_at: number | null;
}

interface StageColumns {
  name: string;
  state: StageState;
  run_id: string | null;
  key: string | null;
  reasons: string;
  started_at: number | null;
  ended_at: number | null;
  tries: number;
  note: string | null;
  memory_bytes: number | null;
}

const stageColumns =
  'name, state, run_id, key, reasons, started_at, ended_at, tries, note, memory_bytes' as const;

/** @throws {BenchtopError} `conflict` while another execution of the project runs. */
export function insertExecution(
  db: Database.Database,
  record: ExecutionRecord,
  stages: readonly StageRow[],
): void {
  refuseSecond(db, record.projectId);
  const { lastInsertRowid } = prepared(
    db,
    'INSERT INTO execution (id, project_id, status, cause, settings, started_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ).run(
    record.id,
    record.projectId,
    record.status,
    record.cause,
    JSON.stringify(record.settings),
    record.startedAt,
    record.endedAt,
  );
  const insert = prepared(
    db,
    'INSERT INTO execution_stage (execution, position, name, state) VALUES (?, ?, ?, ?)',
  );
  for (const [position, { name, state }] of stages.entries())
    insert.run(lastInsertRowid, position, name, state);
}

/** Writes the execution's own row; one that begins again must be the only one of its project. */
export function updateExecution(db: Database.Database, record: ExecutionRecord): void {
  if (record.status === 'running') refuseSecond(db, record.projectId);
  prepared(db, 'UPDATE execution SET status = ?, ended_at = ? WHERE id = ?').run(
    record.status,
    record.endedAt,
    record.id,
  );
}

/** @throws {BenchtopError} `not-found`. */
export function updateStages(
  db: Database.Database,
  executionId: string,
  stages: Iterable<readonly [position: number, row: StageRow]>,
): void {
  const update = prepared(
    db,
    `UPDATE execution_stage SET name = ?, state = ?, run_id = ?, key = ?, reasons = ?, started_at = ?, ended_at = ?, tries = ?, note = ?,
       memory_bytes = ? WHERE execution = (SELECT number FROM execution WHERE id = ?) AND position = ?`,
  );
  for (const [position, row] of stages) {
    const { changes } = update.run(
      row.name,
      row.state,
      row.runId,
      row.key,
      JSON.stringify(row.reasons),
      row.startedAt,
      row.endedAt,
      row.tries,
      row.note,
      row.memoryBytes,
      executionId,
      position,
    );
    if (changes === 0) throw noExecution(executionId);
  }
}

/** @throws {BenchtopError} `not-found`. */
export function executionRecord(db: Database.Database, executionId: string): ExecutionRecord {
  const row = prepared(db, 'SELECT * FROM execution WHERE id = ?').get(executionId) as
    | ExecutionColumns
    | undefined;
  if (row === undefined) throw noExecution(executionId);
  return recordOf(row);
}

/** In an order in which they can run. */
export function stageRows(db: Database.Database, executionId: string): StageRow[] {
  const rows = prepared(
    db,
    `SELECT ${stageColumns} FROM execution_stage WHERE execution = ? ORDER BY position`,
  ).all(numberOf(db, executionId)) as StageColumns[];
  return rows.map((row) => ({
    name: row.name,
    state: row.state,
    runId: row.run_id,
    key: row.key,
    reasons: JSON.parse(row.reasons) as StageReason[],
    startedAt: row.started_at,
    endedAt: row.ended_at,
    tries: row.tries,
    note: row.note,
    memoryBytes: row.memory_bytes,
  }));
}

export function latestExecutions(
  db: Database.Database,
  projectId: string,
  limit: number,
): ExecutionSummary[] {
  const rows = prepared(
    db,
    'SELECT * FROM execution WHERE project_id = ? ORDER BY started_at DESC, number DESC LIMIT ?',
  ).all(projectId, limit) as ExecutionColumns[];
  const count = prepared(
    db,
    'SELECT state, count(*) AS stages FROM execution_stage WHERE execution = ? GROUP BY state',
  );
  return rows.map((row) => {
    const { settings: _settings, ...record } = recordOf(row);
    const counted = count.all(row.number) as { state: StageState; stages: number }[];
    return { ...record, counts: Object.fromEntries(counted.map(({ state, stages }) => [state, stages])) };
  });
}

export function runningExecutions(db: Database.Database): ExecutionRecord[] {
  return (prepared(db, "SELECT * FROM execution WHERE status = 'running'").all() as ExecutionColumns[]).map(
    recordOf,
  );
}

/** So many executions back tell how a stage behaves. */
const executionsThatCount = 5;

export interface LearntStage {
  expectedMs: number | null;
  memoryBytes: number | null;
}

/** What the latest executions of a project tell of its stages, by their names: how long each took last, and the most memory it used. */
export function learntStages(db: Database.Database, projectId: string): Map<string, LearntStage> {
  const rows = prepared(
    db,
    `SELECT s.name, s.ended_at - s.started_at AS took, s.memory_bytes, s.state FROM execution_stage s
     JOIN (SELECT number, started_at FROM execution WHERE project_id = ? ORDER BY started_at DESC LIMIT ${executionsThatCount}) e
       ON s.execution = e.number
     WHERE s.tries > 0 ORDER BY e.started_at DESC`,
  ).all(projectId) as { name: string; took: number | null; memory_bytes: number | null; state: StageState }[];
  const learnt = new Map<string, LearntStage>();
  for (const row of rows) {
    const known = learnt.get(row.name) ?? { expectedMs: null, memoryBytes: null };
    if (row.state === 'finished') known.expectedMs ??= row.took;
    if (row.memory_bytes !== null) known.memoryBytes = Math.max(known.memoryBytes ?? 0, row.memory_bytes);
    learnt.set(row.name, known);
  }
  return learnt;
}

/** Runs of a project's own that an execution waits for would otherwise be begun a second time by another. */
function refuseSecond(db: Database.Database, projectId: string): void {
  const running = prepared(db, "SELECT id FROM execution WHERE project_id = ? AND status = 'running'").get(
    projectId,
  ) as { id: string } | undefined;
  if (running === undefined) return;
  throw new BenchtopError({
    code: 'conflict',
    what: 'This pipeline is already running.',
    evidence: `execution ${running.id}`,
    next: 'Wait for it or cancel it first.',
  });
}

function numberOf(db: Database.Database, executionId: string): number {
  const row = prepared(db, 'SELECT number FROM execution WHERE id = ?').get(executionId) as
    | { number: number }
    | undefined;
  if (row === undefined) throw noExecution(executionId);
  return row.number;
}

const noExecution = (executionId: string): BenchtopError =>
  new BenchtopError({ code: 'not-found', what: `There is no execution ${executionId}.` });

function recordOf(row: ExecutionColumns): ExecutionRecord {
  return {
    id: row.id,
    projectId: row.project_id,
    status: row.status,
    cause: row.cause,
    settings: executionSettings.parse(JSON.parse(row.settings)),
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

/** A stage of which nothing has been done yet. */
export const newRow = (name: string): StageRow => ({
  name,
  state: 'waiting',
  runId: null,
  key: null,
  reasons: [],
  startedAt: null,
  endedAt: null,
  tries: 0,
  note: null,
  memoryBytes: null,
});
