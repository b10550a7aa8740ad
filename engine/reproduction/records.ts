import type Database from 'better-sqlite3';
import { reproductionRecord, type Reproduction } from '../../contract/index.ts';

export function saveReproduction(db: Database.Database, record: Reproduction): void {
  db.prepare(
    `INSERT INTO reproduction (id, of_run_id, state, facts, started_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, facts = excluded.facts`,
  ).run(record.id, record.ofRunId, record.state, JSON.stringify(record), record.startedAt);
}

export function reproductionById(db: Database.Database, id: string): Reproduction | null {
  return readAll(db.prepare('SELECT facts FROM reproduction WHERE id = ?').pluck().all(id))[0] ?? null;
}

/** The newest first. */
export function reproductionsOfRun(db: Database.Database, runId: string): Reproduction[] {
  return readAll(
    db
      .prepare('SELECT facts FROM reproduction WHERE of_run_id = ? ORDER BY started_at DESC LIMIT 100')
      .pluck()
      .all(runId),
  );
}

/** Those that an engine before this one did not bring to their end. */
export function unfinishedReproductions(db: Database.Database): Reproduction[] {
  return readAll(db.prepare("SELECT facts FROM reproduction WHERE state != 'ended'").pluck().all());
}

/** JSON has no NaN: a metric's is told as null, which its state explains. */
const readAll = (rows: readonly unknown[]): Reproduction[] =>
  rows.map((facts) => reproductionRecord.parse(JSON.parse(String(facts))));
