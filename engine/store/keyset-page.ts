import type Database from 'better-sqlite3';
import { BenchtopError } from '../../contract/index.ts';
import type { SqlPart } from './comparison.ts';

export interface SortKey extends SqlPart {
  readonly isDescending: boolean;
}

/** The sort keys of the last row of a page. */
export type Cursor = readonly (string | number | null)[];

/**
 * One page of a sorted query: rows after the cursor, so that page 50 costs what page 1 costs. The keys together must tell
 * any two rows apart, and a key that can be NULL needs one before it that sets NULLs apart.
 * @throws {BenchtopError} `invalid-input` for a cursor of another order.
 * @param source `SELECT columns` and the rest of the query from `FROM` on, without ORDER BY.
 */
export function keysetPage<Row>(
  db: Database.Database,
  source: { columns: string; from: SqlPart },
  keys: readonly SortKey[],
  after: Cursor | null,
  limit: number,
): { rows: Row[]; next: Cursor | null } {
  if (after !== null && after.length !== keys.length)
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'The page belongs to a search with another order.',
    });
  const named = keys.map((key, index) => `${key.sql} AS sort_key_${index}`);
  const beyond = after === null ? { sql: '1', values: [] } : beyondSql(keys, after);
  const order = keys.map((key, index) => `sort_key_${index}${key.isDescending ? ' DESC' : ''}`);
  const found = db
    .prepare(
      `SELECT * FROM (SELECT ${[source.columns, ...named].join(', ')} ${source.from.sql})
       WHERE ${beyond.sql} ORDER BY ${order.join(', ')} LIMIT ?`,
    )
    .all(...keys.flatMap((key) => key.values), ...source.from.values, ...beyond.values, limit + 1) as Record<
    string,
    string | number | null
  >[];
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    rows: rows as Row[],
    next:
      found.length > limit && last !== undefined
        ? keys.map((_, index) => last[`sort_key_${index}`] ?? null)
        : null,
  };
}

/** (k0, k1, …) after the cursor's, each key in its own direction. */
function beyondSql(keys: readonly SortKey[], after: Cursor): SqlPart {
  const alternatives = keys.map((key, index) => {
    const equal = keys.slice(0, index).map((_, before) => `sort_key_${before} IS ?`);
    return [...equal, `sort_key_${index} ${key.isDescending ? '<' : '>'} ?`].join(' AND ');
  });
  return {
    sql: alternatives.map((alternative) => `(${alternative})`).join(' OR '),
    values: keys.flatMap((_, index) => after.slice(0, index + 1)),
  };
}
