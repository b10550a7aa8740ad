import type Database from 'better-sqlite3';
import {
  disagreement,
  type Disagreement,
  type DisagreementPage,
  type GateReport,
} from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import type { VersionKey } from './gate-records.ts';

/**
 * Keeps the rows of a report. Those of earlier reports on the same version and environment go, but for reports that something was
 * decided by.
 */
export function saveDisagreements(
  db: Database.Database,
  { model, version }: VersionKey,
  { id, environment }: Pick<GateReport, 'id' | 'environment'>,
  rows: readonly Disagreement[],
): void {
  prepared(
    db,
    `DELETE FROM gate_disagreement WHERE report IN (
       SELECT id FROM gate_report WHERE model = ? AND version = ? AND environment = ?
     ) AND report NOT IN (SELECT report FROM approval_request WHERE report IS NOT NULL)`,
  ).run(model, version, environment);
  const insert = prepared(db, 'INSERT INTO gate_disagreement (report, place, facts) VALUES (?, ?, ?)');
  for (const row of rows) insert.run(id, row.place, JSON.stringify(row));
}

/** The rows of a report behind a place. */
export function disagreementsAfter(
  db: Database.Database,
  reportId: string,
  { after, limit }: { after: number; limit: number },
): DisagreementPage {
  const facts = prepared(
    db,
    'SELECT facts FROM gate_disagreement WHERE report = ? AND place > ? ORDER BY place LIMIT ?',
  )
    .pluck()
    .all(reportId, after, limit) as string[];
  const keptCount = prepared(db, 'SELECT count(*) FROM gate_disagreement WHERE report = ?')
    .pluck()
    .get(reportId) as number;
  return { rows: facts.map((text) => disagreement.parse(JSON.parse(text))), keptCount };
}
