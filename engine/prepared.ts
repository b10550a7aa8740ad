import type Database from 'better-sqlite3';
import { setNewest } from './set-newest.ts';

/** Statements kept for each connection; more different texts than this are rare and are prepared anew. */
const keptStatements = 256;
const kept = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/**
 * The statement of a text, prepared once for each connection. It is shared: give its modes (`pluck`, `raw`) the same
 * value at every use, and do not step through it with `iterate`.
 *
 * The planner looks at the value of a bare `?` where a query has a join, an order or a limit to be bound, and SQLite then compiles the
 * statement anew at every use: five times the work of a look-up. Where that is often, `+?` is the same value, at which it does not look.
 */
export function prepared(db: Database.Database, sql: string): Database.Statement {
  let statements = kept.get(db);
  if (statements === undefined) kept.set(db, (statements = new Map<string, Database.Statement>()));
  const known = statements.get(sql);
  if (known !== undefined) return known;
  const statement = db.prepare(sql);
  setNewest(statements, keptStatements, sql, statement);
  return statement;
}
