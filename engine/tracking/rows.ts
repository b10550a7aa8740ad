import type Database from 'better-sqlite3';
import type { Run } from '../../contract/index.ts';
import { metricValue, type StoredValue } from './metric-value.ts';

export interface RunRow {
  id: number;
  run_id: string;
  experiment: number;
  project_id: string | null;
  parent_run_id: string | null;
  name: string;
  status: Run['status'];
  ending: string | null;
  exit_code: number | null;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
  command: string;
  working_folder: string | null;
  source: Run['source'];
  is_starred: number;
  note: string;
  deleted_at: number | null;
}

interface SeriesRow {
  run: number;
  name: string;
  is_guessed: number;
  point_count: number;
  last_step: number;
  last_value: StoredValue;
  min_value: number | null;
  max_value: number | null;
}

/** Completes rows of `run` with their params, tags and metric summaries: three look-ups, however many runs. */
export function runsOf(db: Database.Database, rows: readonly RunRow[]): Run[] {
  const ids = JSON.stringify(rows.map((row) => row.id));
  const byId = new Map<number, Run>(rows.map((row) => [row.id, bareRun(row)]));
  const pairs = (table: 'param' | 'tag') =>
    db
      .prepare(
        `SELECT t.run, n.text AS name, t.value FROM ${table} t JOIN name n ON n.id = t.name WHERE t.run IN (SELECT value FROM json_each(?)) ORDER BY n.text`,
      )
      .all(ids) as { run: number; name: string; value: string }[];
  for (const { run, name, value } of pairs('param')) define(byId.get(run)?.params, name, value);
  for (const { run, name, value } of pairs('tag')) define(byId.get(run)?.tags, name, value);
  const series = db
    .prepare(
      `SELECT s.run, n.text AS name, s.is_guessed, s.point_count, s.last_step, s.last_value, s.min_value, s.max_value
       FROM series s JOIN name n ON n.id = s.name WHERE s.run IN (SELECT value FROM json_each(?)) ORDER BY n.text`,
    )
    .all(ids) as SeriesRow[];
  for (const row of series) {
    define(byId.get(row.run)?.metrics, row.name, {
      last: metricValue(row.last_value),
      lastStep: row.last_step,
      min: row.min_value,
      max: row.max_value,
      count: row.point_count,
      isGuessed: row.is_guessed === 1,
    });
  }
  return rows.map((row) => byId.get(row.id) as Run);
}

/** Names are the user's: one called `__proto__` must become a plain entry. */
function define<T>(target: Record<string, T> | undefined, name: string, value: T): void {
  if (target !== undefined)
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function bareRun(row: RunRow): Run {
  return {
    id: row.run_id,
    name: row.name,
    projectId: row.project_id,
    experimentId: String(row.experiment),
    parentRunId: row.parent_run_id,
    status: row.status,
    ending: row.ending,
    exitCode: row.exit_code,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    command: JSON.parse(row.command) as string[],
    workingFolder: row.working_folder,
    source: row.source,
    isStarred: row.is_starred === 1,
    note: row.note,
    isDeleted: row.deleted_at !== null,
    params: {},
    metrics: {},
    tags: {},
  };
}
