import type Database from 'better-sqlite3';

const byDatabase = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/**
 * The statement of a text, compiled once a connection. For texts of the program's own only: one made anew for each call
 * would fill the memory. Each use sets its own mode (`pluck`, `raw`), so a text must be used in one mode alone.
 */
export function prepared(db: Database.Database, sql: string): Database.Statement {
  let statements = byDatabase.get(db);
  if (statements === undefined) byDatabase.set(db, (statements = new Map()));
  let statement = statements.get(sql);
  if (statement === undefined) statements.set(sql, (statement = db.prepare(sql)));
  return statement;
}
