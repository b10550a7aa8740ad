import type Database from 'better-sqlite3';
import type { ApprovalRequest, GateEnvironment } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import type { VersionKey } from './gate-records.ts';

interface RequestRow {
  id: number;
  name: string;
  version: number;
  environment: GateEnvironment;
  state: ApprovalRequest['state'];
  requested_by: string;
  requested_at: number;
  comment: string;
  judged_at: number | null;
  decided_by: string | null;
  decided_at: number | null;
  decision: string;
  report: string | null;
}

const selectRequests = `SELECT a.*, m.name, (SELECT max(g.ended_at) FROM gate_report g
     WHERE g.model = a.model AND g.version = a.version AND g.environment = a.environment) AS judged_at
   FROM approval_request a JOIN registered_model m ON m.id = a.model AND m.deleted_name IS NULL`;

const requestOf = (row: RequestRow): ApprovalRequest => ({
  id: row.id,
  model: row.name,
  version: row.version,
  environment: row.environment,
  state: row.state,
  requestedBy: row.requested_by,
  requestedAt: row.requested_at,
  comment: row.comment,
  judgedAt: row.judged_at,
  decidedBy: row.decided_by,
  decidedAt: row.decided_at,
  decision: row.decision,
  isSelfDecided: row.decided_by === null ? null : row.decided_by === row.requested_by,
  reportId: row.report,
});

/** Which requests are meant: of what is left out, all. */
interface WantedRequests {
  readonly model?: string | undefined;
  readonly version?: number;
  readonly environment?: GateEnvironment;
  readonly isWaiting: boolean;
  readonly limit: number;
}

/** The latest first. */
export function approvalRequests(
  db: Database.Database,
  { model, version, environment, isWaiting, limit }: WantedRequests,
): ApprovalRequest[] {
  const rows = prepared(
    db,
    `${selectRequests} WHERE (@model IS NULL OR m.name = @model) AND (@version IS NULL OR a.version = @version)
     AND (@environment IS NULL OR a.environment = @environment) AND (@isWaiting = 0 OR a.state = 'waiting')
     ORDER BY a.id DESC LIMIT @limit`,
  ).all({
    model: model ?? null,
    version: version ?? null,
    environment: environment ?? null,
    isWaiting: Number(isWaiting),
    limit,
  }) as RequestRow[];
  return rows.map(requestOf);
}

export function waitingRequest(
  db: Database.Database,
  { model, version }: VersionKey,
  environment: GateEnvironment,
): ApprovalRequest | null {
  const row = prepared(
    db,
    `${selectRequests} WHERE a.model = ? AND a.version = ? AND a.environment = ? AND a.state = 'waiting'`,
  ).get(model, version, environment) as RequestRow | undefined;
  return row === undefined ? null : requestOf(row);
}

export function insertRequest(
  db: Database.Database,
  { model, version }: VersionKey,
  asked: Pick<ApprovalRequest, 'environment' | 'requestedBy' | 'requestedAt' | 'comment'>,
): ApprovalRequest {
  const { lastInsertRowid } = prepared(
    db,
    `INSERT INTO approval_request (model, version, environment, state, requested_by, requested_at, comment)
     VALUES (?, ?, ?, 'waiting', ?, ?, ?)`,
  ).run(model, version, asked.environment, asked.requestedBy, asked.requestedAt, asked.comment);
  return requestById(db, Number(lastInsertRowid));
}

export function decideRequest(
  db: Database.Database,
  id: number,
  decided: {
    state: 'approved' | 'refused';
    decidedBy: string;
    decidedAt: number;
    decision: string;
    reportId: string | null;
  },
): ApprovalRequest {
  prepared(
    db,
    'UPDATE approval_request SET state = ?, decided_by = ?, decided_at = ?, decision = ?, report = ? WHERE id = ?',
  ).run(decided.state, decided.decidedBy, decided.decidedAt, decided.decision, decided.reportId, id);
  return requestById(db, id);
}

function requestById(db: Database.Database, id: number): ApprovalRequest {
  return requestOf(prepared(db, `${selectRequests} WHERE a.id = ?`).get(id) as RequestRow);
}
