import type Database from 'better-sqlite3';
import { BenchtopError } from '../../contract/index.ts';
import type { SqlPart } from './comparison.ts';
import { prepared } from '../prepared.ts';

export interface SortKey extends SqlPart {
  readonly isDescending: boolean;
}

/** The sort keys of the last row of a page. */
export type Cursor = readonly (string | number | null)[];

/** A row with what it was sorted by: `sort_key_0`, `sort_key_1` … */
export type SortedRow<Row> = Row & Readonly<Record<`sort_key_${number}`, string | number | null>>;

interface Source {
  readonly columns: string;
  /** From `FROM` on, without ORDER BY. */
  readonly from: SqlPart;
}

/**
 * At most `limit` rows after a cursor, in the order of the keys. The keys together must tell any two rows apart, and a
 * key that can be NULL needs one before it that sets NULLs apart.
 * @throws {BenchtopError} `invalid-input` for a cursor of another order.
 */
export function sortedRows<Row>(
  db: Database.Database,
  source: Source,
  keys: readonly SortKey[],
  after: Cursor | null,
  limit: number,
  offset = 0,
): SortedRow<Row>[] {
  if (after !== null && after.length !== keys.length)
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'The page belongs to a search with another order.',
    });
  const named = keys.map((key, index) => `${key.sql} AS sort_key_${index}`);
  const beyond = after === null ? { sql: '1', values: [] } : beyondSql(keys, after);
  const order = keys.map((key, index) => `sort_key_${index}${key.isDescending ? ' DESC' : ''}`);
  return prepared(
    db,
    `SELECT * FROM (SELECT ${[source.columns, ...named].join(', ')} ${source.from.sql})
       WHERE ${beyond.sql} ORDER BY ${order.join(', ')} LIMIT ? OFFSET ?`,
  ).all(
    ...keys.flatMap((key) => key.values),
    ...source.from.values,
    ...beyond.values,
    limit,
    offset,
  ) as SortedRow<Row>[];
}

/** One page of a sorted query and the cursor of the next: rows after a cursor, so that page 50 costs what page 1 costs. */
export function keysetPage<Row>(
  db: Database.Database,
  source: Source,
  keys: readonly SortKey[],
  after: Cursor | null,
  limit: number,
): { rows: Row[]; next: Cursor | null } {
  const found = sortedRows<Row>(db, source, keys, after, limit + 1);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: found.length > limit && last !== undefined ? cursorOf(last, keys) : null };
}

export const cursorOf = (row: SortedRow<unknown>, keys: readonly SortKey[]): Cursor =>
  keys.map((_, index) => row[`sort_key_${index}`] ?? null);

/** (k0, k1, …) after the cursor's, each key in its own direction; by its first part an index finds the place. */
function beyondSql(keys: readonly SortKey[], after: Cursor): SqlPart {
  const [first, place] = [keys[0], after[0] ?? null];
  const alternatives = keys.map((key, index) => {
    const equal = keys.slice(0, index).map((_, before) => `sort_key_${before} IS ?`);
    return [...equal, `sort_key_${index} ${key.isDescending ? '<' : '>'} ?`].join(' AND ');
  });
  const anyOf = `(${alternatives.map((alternative) => `(${alternative})`).join(' OR ')})`;
  const values = keys.flatMap((_, index) => after.slice(0, index + 1));
  return first === undefined || place === null
    ? { sql: anyOf, values }
    : {
        sql: `sort_key_0 ${first.isDescending ? '<=' : '>='} ? AND ${anyOf}`,
        values: [place, ...values],
      };
}
