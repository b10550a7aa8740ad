import type Database from 'better-sqlite3';
import { monitor, monitorSettings, type Monitor, type MonitorSettings } from '../../contract/index.ts';
import type { TableChunks } from '../data/index.ts';
import type { TriggerMemory } from '../pipelines/index.ts';
import { prepared } from '../store/index.ts';

/** The chunks of a table, kept so that a table that stayed as it is need not be read to know them. */
export interface Listing extends TableChunks {
  /** The table's content and how it is cut. */
  readonly of: string;
}

export interface MonitorRow {
  readonly id: string;
  readonly projectId: string;
  readonly createdAt: number;
  readonly settings: MonitorSettings;
  readonly memory: TriggerMemory | null;
  readonly listing: Listing | null;
  readonly lastRun: Monitor['lastRun'];
}

/** All but removed ones, the oldest first. */
export function monitorRows(db: Database.Database): MonitorRow[] {
  const rows = prepared(
    db,
    `SELECT id, project_id, created_at, settings, memory, listing, last_run FROM monitor WHERE removed_at IS NULL
     ORDER BY created_at, id LIMIT 10000`,
  ).all() as {
    id: string;
    project_id: string;
    created_at: number;
    settings: string;
    memory: string | null;
    listing: string | null;
    last_run: string | null;
  }[];
  return rows.map((row) => ({
    id: row.id,
    projectId: row.project_id,
    createdAt: row.created_at,
    settings: monitorSettings.parse(JSON.parse(row.settings)),
    memory: row.memory === null ? null : (JSON.parse(row.memory) as TriggerMemory),
    listing: row.listing === null ? null : (JSON.parse(row.listing) as Listing),
    lastRun: monitor.shape.lastRun.parse(row.last_run === null ? null : JSON.parse(row.last_run)),
  }));
}

export function saveMonitor(db: Database.Database, row: MonitorRow): void {
  const jsonOrNull = (value: unknown) => (value === null ? null : JSON.stringify(value));
  prepared(
    db,
    `INSERT INTO monitor (id, project_id, created_at, settings, memory, listing, last_run) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, memory = excluded.memory, listing = excluded.listing,
       last_run = excluded.last_run`,
  ).run(
    row.id,
    row.projectId,
    row.createdAt,
    JSON.stringify(row.settings),
    jsonOrNull(row.memory),
    jsonOrNull(row.listing),
    jsonOrNull(row.lastRun),
  );
}

/** @param at null to bring it back */
export function markRemoved(db: Database.Database, id: string, at: number | null): void {
  prepared(db, 'UPDATE monitor SET removed_at = ? WHERE id = ?').run(at, id);
}

/** Removes for good what was removed. */
export function eraseRemoved(db: Database.Database): void {
  db.prepare('DELETE FROM monitor WHERE removed_at IS NOT NULL').run();
}
