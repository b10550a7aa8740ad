import type Database from 'better-sqlite3';
import type { TriggerEvent, TriggerSettings } from '../../../contract/index.ts';
import { prepared } from '../../store/index.ts';

/** What a trigger remembers of what it watches, so that the next engine goes on from there. */
export interface TriggerMemory {
  /** Of times and executions: up to when all is dealt with, ms UTC. */
  readonly until: number;
  /** Of files: the signature, and of data: the version, that started it last or that it began with. */
  readonly seen: string | null;
}

/** A start that is due. It is on disk before anything is started. */
export interface WaitingStart {
  readonly since: number;
  readonly cause: string;
  readonly why: string;
  readonly until: number | null;
  /** Set just before it is started: what an engine that ends right there leaves. */
  readonly startingAt: number | null;
}

export interface TriggerRow {
  readonly id: string;
  readonly projectId: string;
  readonly createdAt: number;
  settings: TriggerSettings;
  memory: TriggerMemory;
  waiting: WaitingStart | null;
  lastStart: { readonly at: number; readonly executionId: string } | null;
}

/** Of one trigger; older ones are forgotten. */
export const eventsKept = 500;

export function triggerRows(db: Database.Database): TriggerRow[] {
  const rows = prepared(
    db,
    `SELECT id, project_id, created_at, settings, memory, waiting, last_start FROM pipeline_trigger ORDER BY created_at, id LIMIT 10000`,
  ).all() as {
    id: string;
    project_id: string;
    created_at: number;
    settings: string;
    memory: string;
    waiting: string | null;
    last_start: string | null;
  }[];
  return rows.map((row) => ({
    id: row.id,
    projectId: row.project_id,
    createdAt: row.created_at,
    settings: JSON.parse(row.settings) as TriggerSettings,
    memory: JSON.parse(row.memory) as TriggerMemory,
    waiting: row.waiting === null ? null : (JSON.parse(row.waiting) as WaitingStart),
    lastStart: row.last_start === null ? null : (JSON.parse(row.last_start) as TriggerRow['lastStart']),
  }));
}

export function saveTrigger(db: Database.Database, row: TriggerRow): void {
  prepared(
    db,
    `INSERT INTO pipeline_trigger (id, project_id, created_at, settings, memory, waiting, last_start) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, memory = excluded.memory, waiting = excluded.waiting,
       last_start = excluded.last_start`,
  ).run(
    row.id,
    row.projectId,
    row.createdAt,
    JSON.stringify(row.settings),
    JSON.stringify(row.memory),
    row.waiting === null ? null : JSON.stringify(row.waiting),
    row.lastStart === null ? null : JSON.stringify(row.lastStart),
  );
}

export function removeTrigger(db: Database.Database, id: string): void {
  prepared(db, 'DELETE FROM pipeline_trigger WHERE id = ?').run(id);
}

export function addEvent(db: Database.Database, event: Omit<TriggerEvent, 'id'>): TriggerEvent {
  const { lastInsertRowid } = prepared(
    db,
    'INSERT INTO pipeline_trigger_event (trigger_id, at, outcome, cause, note, execution_id) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(event.triggerId, event.at, event.outcome, event.cause, event.note, event.executionId);
  prepared(
    db,
    `DELETE FROM pipeline_trigger_event WHERE trigger_id = ? AND id <= (SELECT id FROM pipeline_trigger_event
       WHERE trigger_id = ? ORDER BY id DESC LIMIT 1 OFFSET ${eventsKept})`,
  ).run(event.triggerId, event.triggerId);
  return { id: Number(lastInsertRowid), ...event };
}

export function latestEvents(
  db: Database.Database,
  triggerId: string | null,
  projectId: string | null,
  limit: number,
): TriggerEvent[] {
  return prepared(
    db,
    `SELECT e.id, e.trigger_id AS triggerId, e.at, e.outcome, e.cause, e.note, e.execution_id AS executionId
     FROM pipeline_trigger_event e JOIN pipeline_trigger t ON t.id = e.trigger_id
     WHERE ($trigger IS NULL OR e.trigger_id = $trigger) AND ($project IS NULL OR t.project_id = $project) ORDER BY e.id DESC LIMIT $limit`,
  ).all({ trigger: triggerId, project: projectId, limit }) as TriggerEvent[];
}
