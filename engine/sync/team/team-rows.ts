import type Database from 'better-sqlite3';
import type { TeamVersion } from '../../../contract/index.ts';
import { prepared } from '../../store/index.ts';
import type { ThereVersion } from './team-registry.ts';

/** Keeps what a registry has, in place of what it had when it was read before. */
export function keepTeam(
  db: Database.Database,
  target: number,
  versions: readonly ThereVersion[],
  at: number,
): void {
  prepared(db, 'DELETE FROM sync_team_version WHERE target = ?').run(target);
  const insert = prepared(db, 'INSERT OR REPLACE INTO sync_team_version VALUES (?, ?, ?, ?, ?)');
  for (const version of versions)
    insert.run(target, version.name, version.version, version.createdAt, JSON.stringify(version));
  prepared(db, 'UPDATE sync_target SET team_read_at = ? WHERE id = ?').run(at, target);
}

/** The versions that are known, the newest first. */
export function teamVersions(db: Database.Database, target: number | null, limit: number): TeamVersion[] {
  const rows = prepared(
    db,
    `SELECT t.name AS target, v.facts FROM sync_team_version v JOIN sync_target t ON t.id = v.target
     WHERE t.removed_at IS NULL AND (@target IS NULL OR v.target = @target) ORDER BY v.created_at DESC, v.name, v.version LIMIT @limit`,
  ).all({ target, limit }) as { target: string; facts: string }[];
  return rows.map(({ target: name, facts }) => ({ target: name, ...(JSON.parse(facts) as ThereVersion) }));
}

export const teamReadings = (
  db: Database.Database,
  target: number | null,
): { target: string; readAt: number | null }[] =>
  prepared(
    db,
    `SELECT name AS target, team_read_at AS readAt FROM sync_target
     WHERE kind != 'git' AND removed_at IS NULL AND (@target IS NULL OR id = @target) ORDER BY name LIMIT 1000`,
  ).all({ target }) as { target: string; readAt: number | null }[];
