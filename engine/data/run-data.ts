import type Database from 'better-sqlite3';
import type { DataKnownBy, DataVersion, RunData } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { versionColumns, versionOfRow } from './data-sets.ts';

type Role = RunData['role'];
export interface RunDataKey {
  readonly runId: string;
  readonly dataSetId: number;
  readonly role: Role;
}

const rowsAtMost = 500;

/** Of a row that is there already: how it was known before stays, in its order. */
const knownToo = `known_by = CASE WHEN EXISTS (SELECT 1 FROM json_each(run_data.known_by) WHERE value = ?) THEN run_data.known_by
  ELSE json_insert(run_data.known_by, '$[#]', ?) END`;

/** The number of a run by its id, for a statement. */
const numberOfRun = '(SELECT id FROM run WHERE run_id = ?)';
const insertUnread = `
  INSERT INTO run_data (run, data_set, role, known_by, state) VALUES (${numberOfRun}, ?, ?, json_array(?), 'reading')
  ON CONFLICT DO UPDATE SET ${knownToo}`;
const insertRead = `
  INSERT INTO run_data (run, data_set, role, known_by, state, version, note)
  VALUES (${numberOfRun}, ?, ?, json_array(?), ?, ?, ?)
  ON CONFLICT DO UPDATE SET state = excluded.state, version = excluded.version, note = excluded.note, ${knownToo}`;

/** Records that a run read or wrote something, and how that is known; what was known before is kept. */
export function noteRunData(
  db: Database.Database,
  { knownBy, ...key }: RunDataKey & { knownBy: DataKnownBy },
): RunDataKey {
  const { runId, dataSetId, role } = key;
  prepared(db, insertUnread).run(runId, dataSetId, role, knownBy, knownBy, knownBy);
  return key;
}

/** What became of reading something for the record of a run. */
export interface RunDataOutcome extends Pick<RunData, 'state' | 'note'> {
  readonly version: string | null;
}

/** As `noteRunData` and `settleRunData`, of what has been read already. */
export function recordRunData(
  db: Database.Database,
  { runId, dataSetId, role, knownBy }: RunDataKey & { knownBy: DataKnownBy },
  { state, version, note }: RunDataOutcome,
): void {
  prepared(db, insertRead).run(runId, dataSetId, role, knownBy, state, version, note, knownBy, knownBy);
}

export function settleRunData(
  db: Database.Database,
  { runId, dataSetId, role }: RunDataKey,
  { state, version, note }: RunDataOutcome,
): void {
  prepared(
    db,
    `UPDATE run_data SET state = ?, version = ?, note = ? WHERE run = ${numberOfRun} AND data_set = ? AND role = ?`,
  ).run(state, version, note, runId, dataSetId, role);
}

export function removeRunData(db: Database.Database, { runId, dataSetId, role }: RunDataKey): void {
  prepared(db, `DELETE FROM run_data WHERE run = ${numberOfRun} AND data_set = ? AND role = ?`).run(
    runId,
    dataSetId,
    role,
  );
}

type RunDataRow = Omit<RunData, 'version' | 'knownBy'> & { knownBy: string } & DataVersion;

const selectRunData = `
  SELECT r.run_id AS runId, d.data_set AS dataSetId, s.path, d.role, d.known_by AS knownBy, d.state, d.note, ${versionColumns}
  FROM run_data d JOIN run r ON r.id = d.run JOIN data_set s ON s.id = d.data_set LEFT JOIN data_version v ON v.id = d.version`;

/** What a run read, then what it wrote, by path. */
export function runDataOf(db: Database.Database, runId: string): RunData[] {
  const rows = prepared(db, `${selectRunData} WHERE r.run_id = +? ORDER BY d.role, s.path LIMIT +?`);
  return (rows.all(runId, rowsAtMost) as RunDataRow[]).map(runDataOfRow);
}

/** A row as it is written. */
export interface NotedData extends RunDataKey {
  readonly path: string;
  readonly knownBy: readonly DataKnownBy[];
  readonly outcome: RunDataOutcome;
}

const selectNoted = `
  SELECT r.run_id AS runId, d.data_set AS dataSetId, s.path, d.role, d.known_by AS knownBy, d.state, d.version, d.note
  FROM run_data d JOIN run r ON r.id = d.run JOIN data_set s ON s.id = d.data_set`;

/** What is noted of a run's inputs. */
export function notedInputs(db: Database.Database, runId: string): NotedData[] {
  const rows = prepared(db, `${selectNoted} WHERE r.run_id = +? AND d.role = 'input' LIMIT +?`);
  return (rows.all(runId, rowsAtMost) as NotedRow[]).map(notedOfRow);
}

/** What an engine that ended in the middle of reading left. */
export function unreadRunData(db: Database.Database): NotedData[] {
  const rows = db.prepare(`${selectNoted} WHERE d.state = 'reading' ORDER BY r.run_id, s.path LIMIT 10000`);
  return (rows.all() as NotedRow[]).map(notedOfRow);
}

type NotedRow = RunDataKey & RunDataOutcome & { readonly path: string; readonly knownBy: string };

const notedOfRow = ({ path, knownBy, state, version, note, ...key }: NotedRow): NotedData => ({
  ...key,
  path,
  knownBy: JSON.parse(knownBy) as DataKnownBy[],
  outcome: { state, version, note },
});

const runDataOfRow = (row: RunDataRow): RunData => ({
  runId: row.runId,
  dataSetId: row.dataSetId,
  path: row.path,
  role: row.role,
  knownBy: JSON.parse(row.knownBy) as DataKnownBy[],
  state: row.state,
  note: row.note,
  // A LEFT JOIN has nulls where there is no version.
  version: (row.version as string | null) === null ? null : versionOfRow(row),
});
