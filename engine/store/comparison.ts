/**
 * How a filter may compare a column. LIKE minds upper and lower case; ILIKE does not (for ASCII letters), nor does `~`,
 * which means "contains".
 */
export const comparators = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'LIKE',
  'ILIKE',
  '~',
  'IN',
  'NOT IN',
  'IS NULL',
  'IS NOT NULL',
] as const;
export type Comparator = (typeof comparators)[number];

export type Comparand = string | number | readonly (string | number)[] | null;

/** A piece of SQL with its bound values. */
export interface SqlPart {
  readonly sql: string;
  readonly values: readonly (string | number | null)[];
}

/** The condition `column comparator value`. `column` is SQL of the program's own, never of a user's. */
export function comparisonSql(column: string, comparator: Comparator, value: Comparand): SqlPart {
  switch (comparator) {
    case 'IS NULL':
    case 'IS NOT NULL':
      return { sql: `${column} ${comparator}`, values: [] };
    case 'IN':
    case 'NOT IN':
      return {
        sql: `${column} ${comparator} (SELECT value FROM json_each(?))`,
        values: [JSON.stringify(Array.isArray(value) ? value : [value])],
      };
    case 'LIKE':
      // SQLite's LIKE ignores case; GLOB does not.
      return { sql: `${column} GLOB ?`, values: [globOf(String(value))] };
    case 'ILIKE':
      return { sql: `${column} LIKE ?`, values: [String(value)] };
    case '~':
      return {
        sql: `${column} LIKE ? ESCAPE '\\'`,
        values: [`%${String(value).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`],
      };
    default:
      return { sql: `${column} ${comparator} ?`, values: [Array.isArray(value) ? '' : (value as string)] };
  }
}

/** A GLOB pattern that matches what a LIKE pattern without an escape character matches. */
export function globOf(like: string): string {
  return like.replaceAll(/[*?[]/g, '[$&]').replaceAll('%', '*').replaceAll('_', '?');
}
