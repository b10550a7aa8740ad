import type Database from 'better-sqlite3';
import type { Run } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { belowLocation } from './experiments.ts';
import { metricValue, type StoredValue } from './metric-value.ts';
import { linksOf, type RunLinks } from './run-inputs.ts';
import { nameTexts } from './search/names.ts';

export interface LatestMetric {
  readonly key: string;
  readonly value: number;
  readonly timeMs: number;
  readonly step: number;
}

/** A run with everything that was recorded about it, as a tracking client sees it. Times are milliseconds UTC. */
export interface RecordedRun extends RunLinks {
  readonly id: number;
  readonly runId: string;
  readonly experiment: number;
  readonly name: string;
  readonly userId: string | null;
  readonly status: Run['status'];
  readonly source: Run['source'];
  readonly note: string;
  readonly parentRunId: string | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly isDeleted: boolean;
  /** Where its artifacts are, as URI. */
  readonly artifactUri: string;
  /** True once a client's first run has become this supervised run. */
  readonly isClaimed: boolean;
  readonly params: readonly (readonly [key: string, value: string])[];
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly metrics: readonly LatestMetric[];
}

export interface RecordedRow {
  id: number;
  run_id: string;
  experiment: number;
  name: string;
  user_id: string | null;
  status: Run['status'];
  source: Run['source'];
  note: string;
  parent_run_id: string | null;
  started_at: number | null;
  ended_at: number | null;
  deleted_at: number | null;
  claimed_at: number | null;
  artifact_uri: string;
}

/** SQL for the artifact URI of a run, over aliases r of `run` and e of `experiment`. */
export const artifactUri = belowLocation('e', "r.run_id || '/artifacts'");

/** The columns of `RecordedRow`, over aliases r of `run` and e of `experiment`. */
export const recordedColumns = `r.id, r.run_id, r.experiment, r.name, r.user_id, r.status, r.source, r.note, r.parent_run_id,
  r.started_at, r.ended_at, r.deleted_at, r.claimed_at, ${artifactUri} AS artifact_uri`;

export function recordedRunsOf(db: Database.Database, rows: readonly RecordedRow[]): RecordedRun[] {
  const ids = JSON.stringify(rows.map((row) => row.id));
  const nameOf = nameTexts(db);
  const params = pairsByRun(db, 'param', ids);
  const metrics = byRun(
    prepared(
      db,
      `SELECT s.run, s.name, s.last_value, s.last_time, s.last_step
       FROM json_each(?) c CROSS JOIN series s ON s.run = c.value WHERE s.point_count > 0 AND s.is_ignored = 0`,
    )
      .raw()
      .all(ids) as [run: number, name: number, value: StoredValue, timeMs: number, step: number][],
    ([, name, value, timeMs, step]) => ({ key: nameOf(name), value: metricValue(value), timeMs, step }),
    (one, other) => compareTexts(one.key, other.key),
  );
  return bareRunsOf(db, rows).map((run) => ({
    ...run,
    params: params.get(run.id) ?? [],
    metrics: metrics.get(run.id) ?? [],
  }));
}

/** As `recordedRunsOf`, without params and metrics, of which there are many. */
export function bareRunsOf(db: Database.Database, rows: readonly RecordedRow[]): RecordedRun[] {
  const numbers = rows.map((row) => row.id);
  const links = linksOf(db, numbers);
  const tags = pairsByRun(db, 'tag', JSON.stringify(numbers));
  return rows.map((row) => ({
    id: row.id,
    runId: row.run_id,
    experiment: row.experiment,
    name: row.name,
    userId: row.user_id,
    status: row.status,
    source: row.source,
    note: row.note,
    parentRunId: row.parent_run_id,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    isDeleted: row.deleted_at !== null,
    artifactUri: row.artifact_uri,
    isClaimed: row.claimed_at !== null,
    params: [],
    tags: tags.get(row.id) ?? [],
    metrics: [],
    datasets: links.get(row.id)?.datasets ?? [],
    modelInputs: links.get(row.id)?.modelInputs ?? [],
    modelOutputs: links.get(row.id)?.modelOutputs ?? [],
  }));
}

function pairsByRun(db: Database.Database, table: 'param' | 'tag', ids: string) {
  const nameOf = nameTexts(db);
  return byRun(
    prepared(db, `SELECT t.run, t.name, t.value FROM json_each(?) c CROSS JOIN ${table} t ON t.run = c.value`)
      .raw()
      .all(ids) as [run: number, name: number, value: string][],
    ([, name, value]) => [nameOf(name), value] as const,
    ([one], [other]) => compareTexts(one, other),
  );
}

/** Rows gathered by their first column, the run, each group in order. */
function byRun<Row extends readonly [run: number, ...rest: unknown[]], T>(
  rows: readonly Row[],
  read: (row: Row) => T,
  compare: (one: T, other: T) => number,
): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row[0]);
    if (group === undefined) groups.set(row[0], [read(row)]);
    else group.push(read(row));
  }
  for (const group of groups.values()) group.sort(compare);
  return groups;
}

const compareTexts = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** What a write has to know of a run: one look-up, however much the run holds. */
export interface RunState {
  readonly id: number;
  readonly runId: string;
  readonly experiment: number;
  readonly source: Run['source'];
  readonly isDeleted: boolean;
}

export function runStateById(db: Database.Database, runId: string): RunState | undefined {
  const row = prepared(db, 'SELECT id, experiment, source, deleted_at FROM run WHERE run_id = ?').get(
    runId,
  ) as Pick<RecordedRow, 'id' | 'experiment' | 'source' | 'deleted_at'> | undefined;
  return row === undefined
    ? undefined
    : {
        id: row.id,
        runId,
        experiment: row.experiment,
        source: row.source,
        isDeleted: row.deleted_at !== null,
      };
}

export function recordedRunById(db: Database.Database, runId: string): RecordedRun | undefined {
  const row = db
    .prepare(
      `SELECT ${recordedColumns} FROM run r JOIN experiment e ON e.id = r.experiment WHERE r.run_id = ?`,
    )
    .get(runId) as RecordedRow | undefined;
  return row === undefined ? undefined : recordedRunsOf(db, [row])[0];
}
