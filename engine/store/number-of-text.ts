import type Database from 'better-sqlite3';
import { hash } from 'node:crypto';
import { prepared } from '../prepared.ts';

/** The number of a text in a table (`id`, `sha256`, `text`) that keeps each once; it is put there where it is new. */
export function numberOfText(db: Database.Database, table: string, text: string): number {
  const sha256 = hash('sha256', text);
  const known = prepared(db, `SELECT id FROM ${table} WHERE sha256 = ?`).get(sha256) as
    | { id: number }
    | undefined;
  if (known !== undefined) return known.id;
  const { lastInsertRowid } = prepared(db, `INSERT INTO ${table} (sha256, text) VALUES (?, ?)`).run(
    sha256,
    text,
  );
  return Number(lastInsertRowid);
}
