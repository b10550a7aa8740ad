import type Database from 'better-sqlite3';
import { prepared } from '../../store/index.ts';

/**
 * ` AND …`, to leave out series of a name that a project's rule ignores; empty where no rule ignores the name, so that an index by
 * value alone answers as a rule.
 */
export function unlessIgnored(db: Database.Database, name: number, alias: string): string {
  const isRuled = prepared(db, 'SELECT 1 FROM measure_rule WHERE name = ? AND shown_name IS NULL').get(name);
  return isRuled === undefined ? '' : ` AND ${alias}.is_ignored = 0`;
}
