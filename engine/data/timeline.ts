import type Database from 'better-sqlite3';
import type { DataKnownBy, DataMoment, DataProblem, DataVersion, RunData } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { versionColumns, versionOfRow } from './data-sets.ts';

const problemsKept = 100;
const runsShown = 20;
const momentsAtMost = 500;

interface MomentRow extends DataVersion {
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly files: string | null;
  readonly problemCount: number;
  readonly problems: string;
}

export interface LatestMoment {
  readonly id: number;
  readonly version: string;
}

export function latestMoment(db: Database.Database, dataSetId: number): LatestMoment | null {
  const row = prepared(
    db,
    'SELECT id, version FROM data_moment WHERE data_set = +? ORDER BY id DESC LIMIT 1',
  ).get(dataSetId);
  return (row as LatestMoment | undefined) ?? null;
}

/** Records that a data set holds a version now: the moment before goes on where it is the same. */
export function recordMoment(
  db: Database.Database,
  {
    dataSetId,
    version,
    at,
    files,
    problems,
  }: {
    dataSetId: number;
    version: string;
    at: number;
    files: DataMoment['files'];
    problems: readonly DataProblem[];
  },
): void {
  const latest = latestMoment(db, dataSetId);
  const kept = JSON.stringify(problems.slice(0, problemsKept));
  if (latest?.version === version)
    prepared(db, 'UPDATE data_moment SET last_seen_at = ?, problem_count = ?, problems = ? WHERE id = ?').run(
      at,
      problems.length,
      kept,
      latest.id,
    );
  else
    prepared(
      db,
      `INSERT INTO data_moment (data_set, version, first_seen_at, last_seen_at, files, problem_count, problems)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ).run(dataSetId, version, at, at, files === null ? null : JSON.stringify(files), problems.length, kept);
}

/** The timeline of a data set, the newest first. */
export function momentsOf(db: Database.Database, dataSetId: number, limit = momentsAtMost): DataMoment[] {
  const rows = prepared(
    db,
    `SELECT ${versionColumns}, m.first_seen_at AS firstSeenAt, m.last_seen_at AS lastSeenAt, m.files,
       m.problem_count AS problemCount, m.problems
     FROM data_moment m JOIN data_version v ON v.id = m.version WHERE m.data_set = ? ORDER BY m.id DESC LIMIT ?`,
  ).all(dataSetId, limit) as MomentRow[];
  return rows.map((row) => ({
    ...versionOfRow(row),
    firstSeenAt: row.firstSeenAt,
    lastSeenAt: row.lastSeenAt,
    files: row.files === null ? null : (JSON.parse(row.files) as DataMoment['files']),
    problemCount: row.problemCount,
    problems: JSON.parse(row.problems) as DataProblem[],
    runs: runsOf(db, dataSetId, row.version),
  }));
}

function runsOf(db: Database.Database, dataSetId: number, version: string): DataMoment['runs'] {
  const rows = prepared(
    db,
    `SELECT r.run_id AS runId, r.name, d.role, d.known_by AS knownBy FROM run_data d JOIN run r ON r.id = d.run
     WHERE d.data_set = ? AND d.version = ? AND r.deleted_at IS NULL ORDER BY r.id DESC LIMIT ${runsShown}`,
  ).all(dataSetId, version) as { runId: string; name: string; role: RunData['role']; knownBy: string }[];
  return rows.map((row) => ({ ...row, knownBy: JSON.parse(row.knownBy) as DataKnownBy[] }));
}
