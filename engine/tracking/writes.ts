import type Database from 'better-sqlite3';
import { BenchtopError, type Run } from '../../contract/index.ts';
import { storedValue, type StoredValue } from './metric-value.ts';

/** One measured value. `step` is an integer. */
export interface Point {
  readonly key: string;
  readonly step: number;
  readonly timeMs: number;
  readonly value: number;
}

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
  readonly name?: string;
  readonly note?: string;
  readonly isStarred?: boolean;
}

/** The internal number of a run. @throws {BenchtopError} `not-found`. */
export function runNumber(db: Database.Database, runId: string): number {
  const number = db.prepare('SELECT id FROM run WHERE run_id = ?').pluck().get(runId) as number | undefined;
  if (number === undefined) throw new BenchtopError({ code: 'not-found', what: `There is no run ${runId}.` });
  return number;
}

/** The number of a name, given out on first use. */
function nameNumber(db: Database.Database, text: string): number {
  const known = db.prepare('SELECT id FROM name WHERE text = ?').pluck().get(text) as number | undefined;
  return known ?? Number(db.prepare('INSERT INTO name (text) VALUES (?)').run(text).lastInsertRowid);
}

export function insertRun(db: Database.Database, run: NewRun): void {
  db.prepare(
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
}

const changeColumns: Readonly<Record<keyof RunChange, string>> = {
  status: 'status',
  ending: 'ending',
  exitCode: 'exit_code',
  startedAt: 'started_at',
  endedAt: 'ended_at',
  name: 'name',
  note: 'note',
  isStarred: 'is_starred',
};

export function changeRun(db: Database.Database, runId: string, change: RunChange): void {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined) as [
    keyof RunChange,
    string | number | boolean | null,
  ][];
  const number = runNumber(db, runId);
  if (entries.length === 0) return;
  db.prepare(
    `UPDATE run SET ${entries.map(([key]) => `${changeColumns[key]} = ?`).join(', ')} WHERE id = ?`,
  ).run(...entries.map(([, value]) => (typeof value === 'boolean' ? Number(value) : value)), number);
}

/** Stores params; the first value of a name stays. Returns the names whose new value differs from it. */
export function insertParams(
  db: Database.Database,
  runId: string,
  params: Readonly<Record<string, string>>,
): string[] {
  const run = runNumber(db, runId);
  const insert = db.prepare('INSERT OR IGNORE INTO param (run, name, value) VALUES (?, ?, ?)');
  const stored = db.prepare('SELECT value FROM param WHERE run = ? AND name = ?').pluck();
  return Object.entries(params).flatMap(([text, value]) => {
    const name = nameNumber(db, text);
    return insert.run(run, name, value).changes === 0 && stored.get(run, name) !== value ? [text] : [];
  });
}

export function setTags(db: Database.Database, runId: string, tags: Readonly<Record<string, string>>): void {
  const run = runNumber(db, runId);
  const upsert = db.prepare(
    'INSERT INTO tag (run, name, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  for (const [text, value] of Object.entries(tags)) upsert.run(run, nameNumber(db, text), value);
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
  db.prepare(
    `INSERT INTO artifact (run, path, object_id, size_bytes) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET object_id = excluded.object_id, size_bytes = excluded.size_bytes`,
  ).run(runNumber(db, runId), artifact.path, artifact.objectId, artifact.sizeBytes);
}

/**
 * Appends points and brings the series' summaries up to date. A point that is already there (same key, step, time and value)
 * is dropped, so that sending again changes nothing. Returns the points that were new.
 */
export function insertPoints(
  db: Database.Database,
  runId: string,
  points: readonly Point[],
  isGuessed: boolean,
): Point[] {
  const run = runNumber(db, runId);
  const seriesId = db.prepare('SELECT id FROM series WHERE run = ? AND name = ?').pluck();
  const newSeries = db.prepare('INSERT INTO series (run, name, is_guessed) VALUES (?, ?, ?)');
  const insert = db.prepare('INSERT OR IGNORE INTO point (series, step, time, value) VALUES (?, ?, ?, ?)');
  const fresh: Point[] = [];
  for (const [key, own] of Map.groupBy(points, (point) => point.key)) {
    const name = nameNumber(db, key);
    const id =
      (seriesId.get(run, name) as number | undefined) ??
      Number(newSeries.run(run, name, Number(isGuessed)).lastInsertRowid);
    const added = own.filter(
      (point) => insert.run(id, point.step, point.timeMs, storedValue(point.value)).changes === 1,
    );
    if (added.length === 0) continue;
    sumUp(db, id, added);
    fresh.push(...added);
  }
  return fresh;
}

/** Folds new points into the summary row: count, last (greatest step, time, value), least and greatest finite value. */
function sumUp(db: Database.Database, series: number, added: readonly Point[]): void {
  const finite = added.map((point) => point.value).filter(Number.isFinite);
  const latest = added.reduce((best, point) => (isLater(point, best) ? point : best));
  const before = db
    .prepare('SELECT point_count, last_step, last_time, last_value FROM series WHERE id = ?')
    .get(series) as {
    point_count: number;
    last_step: number;
    last_time: number;
    last_value: StoredValue;
  };
  const replaces =
    before.point_count === 0 ||
    isLater(latest, {
      step: before.last_step,
      timeMs: before.last_time,
      value: before.last_value === 'NaN' ? Number.NaN : before.last_value,
    });
  // In SQL min(x, NULL) is NULL, so a batch without a finite value leaves both bounds as they were.
  db.prepare(
    `UPDATE series SET point_count = point_count + $count,
       min_value = coalesce(min(coalesce(min_value, $least), $least), min_value),
       max_value = coalesce(max(coalesce(max_value, $greatest), $greatest), max_value)
     WHERE id = $id`,
  ).run({
    count: added.length,
    least: finite.length === 0 ? null : finite.reduce((a, b) => Math.min(a, b)),
    greatest: finite.length === 0 ? null : finite.reduce((a, b) => Math.max(a, b)),
    id: series,
  });
  if (replaces) {
    db.prepare('UPDATE series SET last_step = ?, last_time = ?, last_value = ? WHERE id = ?').run(
      latest.step,
      latest.timeMs,
      storedValue(latest.value),
      series,
    );
  }
}

function isLater(a: Omit<Point, 'key'>, b: Omit<Point, 'key'>): boolean {
  if (a.step !== b.step) return a.step > b.step;
  if (a.timeMs !== b.timeMs) return a.timeMs > b.timeMs;
  // As MLflow has it: NaN takes the place of 0.
  const [ours, theirs] = [a.value, b.value].map((value) => (Number.isNaN(value) ? 0 : value)) as [
    number,
    number,
  ];
  return ours > theirs;
}
