import type Database from 'better-sqlite3';
import type { Run, RunGap } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { metricValue, type StoredValue } from './metric-value.ts';
import type { PointOrigin } from './points/series-numbers.ts';
import { nameTexts } from './search/names.ts';

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
  gaps: string | null;
  command: string;
  working_folder: string | null;
  source: Run['source'];
  is_starred: number;
  note: string;
  deleted_at: number | null;
}

type SeriesRow = [
  run: number,
  name: number,
  origin: PointOrigin,
  readName: number | null,
  count: number,
  lastStep: number,
  last: StoredValue,
  min: number | null,
  max: number | null,
];

/** What a run's own row says of it. */
export type BareRun = Omit<Run, 'params' | 'tags' | 'metrics'>;

/** When a run began and ended, and stood still in between. */
export type RunTimes = Pick<Run, 'startedAt' | 'endedAt' | 'gaps'>;

/** Completes rows of `run` with their params, tags and metric summaries: three look-ups, however many runs. */
export function runsOf(db: Database.Database, rows: readonly RunRow[]): Run[] {
  const ids = JSON.stringify(rows.map((row) => row.id));
  const nameOf = nameTexts(db);
  const byId = new Map<number, Run>(
    rows.map((row) => [row.id, { ...bareRun(row), params: {}, tags: {}, metrics: {} }]),
  );
  const pairs = (table: 'param' | 'tag') =>
    prepared(db, `SELECT t.run, t.name, t.value FROM json_each(?) c CROSS JOIN ${table} t ON t.run = c.value`)
      .raw()
      .all(ids) as [run: number, name: number, value: string][];
  for (const [run, name, value] of pairs('param')) define(byId.get(run)?.params, nameOf(name), value);
  for (const [run, name, value] of pairs('tag')) define(byId.get(run)?.tags, nameOf(name), value);
  const series = prepared(
    db,
    `SELECT s.run, s.name, s.origin, s.read_name, s.point_count, s.last_step, s.last_value, s.min_value, s.max_value
     FROM json_each(?) c CROSS JOIN series s ON s.run = c.value WHERE s.is_ignored = 0`,
  )
    .raw()
    .all(ids) as SeriesRow[];
  for (const [run, name, origin, readName, count, lastStep, last, min, max] of series) {
    define(byId.get(run)?.metrics, nameOf(name), {
      last: metricValue(last),
      lastStep,
      min,
      max,
      count,
      isGuessed: origin !== 'told',
      ...(readName === null ? {} : { readName: nameOf(readName) }),
    });
  }
  return rows.map((row) => byId.get(row.id) as Run);
}

/** Names are the user's: one called `__proto__` must become a plain entry. */
function define<T>(target: Record<string, T> | undefined, name: string, value: T): void {
  if (target === undefined) return;
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

const gapsOf = (text: string | null): RunGap[] => (text === null ? [] : (JSON.parse(text) as RunGap[]));

/** Null for a run that is not there. */
export function runTimes(db: Database.Database, runId: string): RunTimes | null {
  const row = prepared(
    db,
    'SELECT started_at AS startedAt, ended_at AS endedAt, gaps FROM run WHERE run_id = ?',
  ).get(runId) as (Omit<RunTimes, 'gaps'> & { gaps: string | null }) | undefined;
  return row === undefined ? null : { ...row, gaps: gapsOf(row.gaps) };
}

export function bareRun(row: RunRow): BareRun {
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
    gaps: gapsOf(row.gaps),
    command: JSON.parse(row.command) as string[],
    workingFolder: row.working_folder,
    source: row.source,
    isStarred: row.is_starred === 1,
    note: row.note,
    isDeleted: row.deleted_at !== null,
  };
}
