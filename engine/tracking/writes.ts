import type Database from 'better-sqlite3';
import { BenchtopError, stillMs, type Run, type RunGap } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { nameNumber } from './names.ts';

export interface NewRun {
  /** Who logs it, as the client says. */
  readonly userId?: string | undefined;
  readonly id: string;
  readonly name: string;
  readonly projectId: string | null;
  readonly experimentId: string;
  readonly parentRunId: string | null;
  readonly status: Run['status'];
  readonly command: readonly string[];
  readonly workingFolder: string | null;
  readonly source: Run['source'];
  readonly createdAt: number;
  readonly startedAt: number | null;
}

export interface RunChange {
  readonly status?: Run['status'];
  readonly ending?: string;
  readonly exitCode?: number | null;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly gaps?: readonly RunGap[];
  readonly name?: string;
  readonly note?: string;
  readonly isStarred?: boolean;
}

/** The internal number of a run. @throws {BenchtopError} `not-found`. */
export function runNumber(db: Database.Database, runId: string): number {
  const row = prepared(db, 'SELECT id FROM run WHERE run_id = ?').get(runId) as { id: number } | undefined;
  if (row === undefined) throw noRun(runId);
  return row.id;
}

export const noRun = (runId: string): BenchtopError =>
  new BenchtopError({ code: 'not-found', what: `There is no run ${runId}.` });

/** Also of runs in the bin. */
export const allRunIds = (db: Database.Database): ReadonlySet<string> =>
  new Set(db.prepare('SELECT run_id FROM run').pluck().all() as string[]);

/** @returns the internal number of the run. */
export function insertRun(db: Database.Database, run: NewRun): number {
  const { lastInsertRowid } = prepared(
    db,
    `INSERT INTO run (run_id, experiment, project_id, parent_run_id, name, status, created_at, started_at, command, working_folder, source, user_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    run.id,
    Number(run.experimentId),
    run.projectId,
    run.parentRunId,
    run.name,
    run.status,
    run.createdAt,
    run.startedAt,
    JSON.stringify(run.command),
    run.workingFolder,
    run.source,
    run.userId ?? null,
  );
  return Number(lastInsertRowid);
}

const changeColumns: Readonly<Record<keyof RunChange, string>> = {
  status: 'status',
  ending: 'ending',
  exitCode: 'exit_code',
  startedAt: 'started_at',
  endedAt: 'ended_at',
  gaps: 'gaps',
  name: 'name',
  note: 'note',
  isStarred: 'is_starred',
};

/** @throws {BenchtopError} `not-found`. */
export function changeRun(db: Database.Database, runId: string, change: RunChange): void {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined) as [
    keyof RunChange,
    string | number | boolean | null | readonly RunGap[],
  ][];
  if (entries.length === 0) return void runNumber(db, runId);
  const { changes } = prepared(
    db,
    `UPDATE run SET ${entries.map(([key]) => `${changeColumns[key]} = ?`).join(', ')} WHERE run_id = ?`,
  ).run(...entries.map(([, value]) => columnValue(value)), runId);
  if (changes === 0) throw noRun(runId);
  if (change.gaps !== undefined || change.endedAt !== undefined) countStill(db, runId);
}

function columnValue(value: string | number | boolean | null | readonly RunGap[]): string | number | null {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** Of a run that goes on, up to its last gap. */
function countStill(db: Database.Database, runId: string): void {
  const row = prepared(
    db,
    'SELECT id, started_at, ended_at, gaps FROM run WHERE run_id = ? AND gaps IS NOT NULL',
  ).get(runId) as
    | { id: number; started_at: number | null; ended_at: number | null; gaps: string }
    | undefined;
  if (row === undefined || row.started_at === null) return;
  const gaps = JSON.parse(row.gaps) as RunGap[];
  const until = row.ended_at ?? Math.max(...gaps.map(({ from, to }) => to ?? from));
  const ms = Math.round(stillMs(gaps, row.started_at, until));
  prepared(db, 'UPDATE run SET still_ms = ? WHERE id = ?').run(ms, row.id);
}

/**
 * Stores params; the first value of a name stays. Returns the names whose new value differs from it.
 * @param number of the run, where it is known.
 */
export function insertParams(
  db: Database.Database,
  runId: string,
  params: Readonly<Record<string, string>>,
  number?: number,
): string[] {
  const entries = Object.entries(params);
  if (entries.length === 0) return [];
  const run = number ?? runNumber(db, runId);
  const insert = prepared(db, 'INSERT OR IGNORE INTO param (run, name, value) VALUES (?, ?, ?)');
  const stored = prepared(db, 'SELECT value FROM param WHERE run = ? AND name = ?');
  return entries.flatMap(([text, value]) => {
    const name = nameNumber(db, text);
    if (insert.run(run, name, value).changes === 1) return [];
    return (stored.get(run, name) as { value: string }).value === value ? [] : [text];
  });
}

/** @param number of the run, where it is known. */
export function setTags(
  db: Database.Database,
  runId: string,
  tags: Readonly<Record<string, string>>,
  number?: number,
): void {
  const entries = Object.entries(tags);
  if (entries.length === 0) return;
  const run = number ?? runNumber(db, runId);
  const upsert = prepared(
    db,
    'INSERT INTO tag (run, name, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  for (const [text, value] of entries) upsert.run(run, nameNumber(db, text), value);
}

export function removeTags(db: Database.Database, runId: string, names: readonly string[]): void {
  const remove = db.prepare('DELETE FROM tag WHERE run = ? AND name = (SELECT id FROM name WHERE text = ?)');
  for (const name of names) remove.run(runNumber(db, runId), name);
}

/**
 * Makes a supervised run the one that its program logs to: moves it to the experiment the program names. Only the first
 * call does.
 */
export function claimRun(
  db: Database.Database,
  runId: string,
  claim: { experiment: number; name: string | null; userId: string; at: number },
): void {
  db.prepare(
    `UPDATE run SET experiment = ?, name = coalesce(?, name), user_id = ?, claimed_at = ? WHERE run_id = ? AND claimed_at IS NULL`,
  ).run(claim.experiment, claim.name, claim.userId, claim.at, runId);
}

export function setParent(db: Database.Database, runId: string, parentRunId: string | null): void {
  db.prepare('UPDATE run SET parent_run_id = ? WHERE run_id = ?').run(parentRunId, runId);
}

export function markDeleted(db: Database.Database, runIds: readonly string[], at: number | null): void {
  const mark = db.prepare('UPDATE run SET deleted_at = ? WHERE id = ?');
  for (const runId of runIds) mark.run(at, runNumber(db, runId));
}

export function upsertArtifact(
  db: Database.Database,
  runId: string,
  artifact: { path: string; objectId: string; sizeBytes: number },
): void {
  prepared(
    db,
    `INSERT INTO artifact (run, path, object_id, size_bytes) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET object_id = excluded.object_id, size_bytes = excluded.size_bytes`,
  ).run(runNumber(db, runId), artifact.path, artifact.objectId, artifact.sizeBytes);
}
