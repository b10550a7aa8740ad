import type Database from 'better-sqlite3';
import { prepared } from '../store/index.ts';

/** The number of a name, given out on first use. */
export function nameNumber(db: Database.Database, text: string): number {
  const known = prepared(db, 'SELECT id FROM name WHERE text = ?').get(text) as { id: number } | undefined;
  return known?.id ?? Number(prepared(db, 'INSERT INTO name (text) VALUES (?)').run(text).lastInsertRowid);
}
