import type Database from 'better-sqlite3';
import { BenchtopError, type Incident } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import type { IncidentState } from './follow-incident.ts';

interface IncidentRow {
  readonly id: number;
  readonly monitorId: string;
  readonly openedAt: number;
  readonly closedAt: number | null;
  readonly facts: string;
}

const columns = 'i.id, i.monitor_id AS monitorId, i.opened_at AS openedAt, i.closed_at AS closedAt, i.facts';

const incidentOf = ({ facts, ...row }: IncidentRow): Incident => ({
  // One that was opened before this was told has none.
  gravest: { chunk: '', amiss: 0 },
  ...(JSON.parse(facts) as Omit<Incident, keyof Omit<IncidentRow, 'facts'> | 'gravest'>),
  ...row,
});

/** The latest first. */
export function incidents(
  db: Database.Database,
  of: {
    readonly monitorId?: string | undefined;
    readonly projectId?: string | undefined;
    readonly isOpen?: boolean | undefined;
    readonly limit: number;
  },
): Incident[] {
  const rows = prepared(
    db,
    `SELECT ${columns} FROM monitor_incident i JOIN monitor m ON m.id = i.monitor_id
     WHERE m.removed_at IS NULL AND ($monitor IS NULL OR i.monitor_id = $monitor) AND ($project IS NULL OR m.project_id = $project)
       AND ($open IS NULL OR (i.closed_at IS NULL) = $open) ORDER BY i.id DESC LIMIT $limit`,
  ).all({
    monitor: of.monitorId ?? null,
    project: of.projectId ?? null,
    open: of.isOpen === undefined ? null : Number(of.isOpen),
    limit: of.limit,
  }) as IncidentRow[];
  return rows.map(incidentOf);
}

/** The last incident that a monitor opened, over or not; null when there was none. @throws {BenchtopError} `not-found` without the monitor. */
export function latestIncident(db: Database.Database, monitorId: string): Incident | null {
  const isThere = prepared(db, 'SELECT 1 FROM monitor WHERE id = ? AND removed_at IS NULL').get(monitorId);
  if (isThere === undefined)
    throw new BenchtopError({
      code: 'not-found',
      what: `There is no monitor ${monitorId === '' ? 'without a name' : monitorId}.`,
      next: 'See `benchtop monitor list`.',
    });
  return incidents(db, { monitorId, limit: 1 })[0] ?? null;
}

/** The one that goes on; a monitor has one at most. */
export const openIncident = (db: Database.Database, monitorId: string): Incident | null =>
  incidents(db, { monitorId, isOpen: true, limit: 1 })[0] ?? null;

/** @throws {BenchtopError} `not-found`. */
export function incidentById(db: Database.Database, id: number): Incident {
  const row = prepared(db, `SELECT ${columns} FROM monitor_incident i WHERE i.id = ?`).get(id) as
    | IncidentRow
    | undefined;
  if (row !== undefined) return incidentOf(row);
  throw new BenchtopError({ code: 'not-found', what: `There is no incident ${id}.` });
}

/** @param id null for a new one */
export function saveIncident(
  db: Database.Database,
  id: number | null,
  monitorId: string,
  { openedAt, closedAt, ...facts }: IncidentState,
): Incident {
  const { lastInsertRowid } = prepared(
    db,
    `INSERT INTO monitor_incident (id, monitor_id, opened_at, closed_at, facts) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET closed_at = excluded.closed_at, facts = excluded.facts`,
  ).run(id, monitorId, openedAt, closedAt, JSON.stringify(facts));
  return { ...facts, openedAt, closedAt, monitorId, id: id ?? Number(lastInsertRowid) };
}
