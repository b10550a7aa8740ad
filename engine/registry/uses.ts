import type Database from 'better-sqlite3';
import { prepared } from '../store/index.ts';

/** Notes that a run asked for the files of a version, for the first time. */
export function recordUse(
  db: Database.Database,
  use: { model: number; version: number; runId: string; at: number },
): void {
  prepared(db, 'INSERT OR IGNORE INTO model_version_use VALUES (@model, @version, @runId, @at)').run(use);
}

/** Runs that asked for the files of a version, and are not in the bin. */
export function runsUsing(db: Database.Database, name: string, version: number): string[] {
  return prepared(
    db,
    `SELECT u.run_id FROM model_version_use u JOIN registered_model m ON m.id = u.model JOIN run r ON r.run_id = u.run_id
     WHERE m.name = ? AND u.version = ? AND r.deleted_at IS NULL ORDER BY u.at_ms LIMIT 200`,
  )
    .pluck()
    .all(name, version) as string[];
}

/** Versions whose files a run asked for. */
export function versionsUsedBy(
  db: Database.Database,
  runId: string,
): { name: string; version: number; modelId: string }[] {
  return prepared(
    db,
    `SELECT m.name, u.version, v.model_id AS modelId FROM model_version_use u JOIN registered_model m ON m.id = u.model
     JOIN model_version v ON v.model = u.model AND v.version = u.version WHERE u.run_id = ? LIMIT 200`,
  ).all(runId) as { name: string; version: number; modelId: string }[];
}
