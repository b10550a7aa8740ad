import type Database from 'better-sqlite3';

const byDatabase = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/**
 * The statement of a text, compiled once a connection. For texts of the program's own only: one made anew for each call
 * would fill the memory. Each use sets its own mode (`pluck`, `raw`), so a text must be used in one mode alone.
 */
export function prepared(db: Database.Database, sql: string): Database.Statement {
  const statements = byDatabase.get(db) ?? new Map<string, Database.Statement>();
  const known = statements.get(sql);
  if (known !== undefined) return known;
  const statement = db.prepare(sql);
  statements.set(sql, statement);
  byDatabase.set(db, statements);
  return statement;
}
