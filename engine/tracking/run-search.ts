import type Database from 'better-sqlite3';
import { z } from 'zod';
import { BenchtopError, type runSearch, type RunOrder, type RunPage } from '../../contract/index.ts';
import { runFilter, type Condition } from './run-filter.ts';
import { runsOf, type RunRow } from './rows.ts';

const cursor = z.tuple([z.union([z.string(), z.number(), z.null()]), z.number()]);

/** One page of runs. Pages follow each other by key, so page 50 costs what page 1 costs. */
export function searchRuns(db: Database.Database, search: z.output<typeof runSearch>): RunPage {
  const scope: Condition[] = [{ sql: `r.deleted_at IS ${search.deleted ? 'NOT ' : ''}NULL`, values: [] }];
  if (search.projectId !== undefined) scope.push({ sql: 'r.project_id = ?', values: [search.projectId] });
  const filtered = [...scope, runFilter(search.text)];
  const order = orderExpression(search.order);
  const paged =
    search.after === undefined
      ? filtered
      : [...filtered, afterCursor(order, search.order.descending, search.after)];
  const direction = search.order.descending ? 'DESC' : 'ASC';

  const rows = db
    .prepare(
      `SELECT r.*, ${order.sql} AS order_key FROM run r WHERE ${where(paged)}
       ORDER BY ${order.sql} IS NULL, ${order.sql} ${direction}, r.id ${direction} LIMIT ? OFFSET ?`,
    )
    .all(
      ...order.values,
      ...values(paged),
      ...order.values,
      ...order.values,
      search.limit,
      search.offset,
    ) as (RunRow & {
    order_key: string | number | null;
  })[];
  const last = rows.at(-1);
  return {
    runs: runsOf(db, rows),
    matched: count(db, filtered),
    total: count(db, scope),
    next:
      last !== undefined && rows.length === search.limit ? JSON.stringify([last.order_key, last.id]) : null,
  };
}

const where = (conditions: readonly Condition[]) =>
  conditions.map((condition) => `(${condition.sql})`).join(' AND ');
const values = (conditions: readonly Condition[]) => conditions.flatMap((condition) => condition.values);

function count(db: Database.Database, conditions: readonly Condition[]): number {
  return db
    .prepare(`SELECT count(*) FROM run r WHERE ${where(conditions)}`)
    .pluck()
    .get(...values(conditions)) as number;
}

const columns: Readonly<Record<string, string>> = {
  created: 'r.created_at',
  started: 'r.started_at',
  name: 'r.name COLLATE NOCASE',
  status: 'r.status',
  starred: 'r.is_starred',
  // A run that goes on has no duration to order by yet; it counts by its start.
  duration: '(r.ended_at - r.started_at)',
};

function orderExpression(order: RunOrder): Condition {
  const column = Object.hasOwn(columns, order.by) ? columns[order.by] : undefined;
  if (column !== undefined) return { sql: column, values: [] };
  const [, table, name] = /^(params|metrics|min|max|tags)\.(.+)$/s.exec(order.by) ?? [];
  if (name !== undefined && (table === 'metrics' || table === 'min' || table === 'max')) {
    const value = `s.${table === 'metrics' ? 'last' : table}_value`;
    return {
      sql: `(SELECT iif(typeof(${value}) = 'text', NULL, ${value}) FROM series s WHERE s.run = r.id AND s.name = (SELECT id FROM name WHERE text = ?))`,
      values: [name],
    };
  }
  if (table !== undefined && name !== undefined) {
    return {
      sql: `(SELECT iif(v.value GLOB '[-+.0-9]*', CAST(v.value AS REAL), v.value) FROM ${table === 'params' ? 'param' : 'tag'} v WHERE v.run = r.id AND v.name = (SELECT id FROM name WHERE text = ?))`,
      values: [name],
    };
  }
  throw new BenchtopError({
    code: 'invalid-input',
    what: `Runs cannot be ordered by "${order.by}".`,
    next: `Use ${Object.keys(columns).join(', ')}, params.NAME, metrics.NAME, min.NAME, max.NAME or tags.NAME.`,
  });
}

function afterCursor(order: Condition, descending: boolean, after: string): Condition {
  let parsed: unknown;
  try {
    parsed = JSON.parse(after);
  } catch {
    parsed = null; // rejected below, like any other text that no page gave out
  }
  const checked = cursor.safeParse(parsed);
  if (!checked.success)
    throw new BenchtopError({ code: 'invalid-input', what: `"${after}" is not a page of this search.` });
  const [key, id] = checked.data;
  const beyond = descending ? '<' : '>';
  if (key === null)
    return { sql: `${order.sql} IS NULL AND r.id ${beyond} ?`, values: [...order.values, id] };
  return {
    sql: `${order.sql} IS NULL OR ${order.sql} ${beyond} ? OR (${order.sql} = ? AND r.id ${beyond} ?)`,
    values: [...order.values, ...order.values, key, ...order.values, key, id],
  };
}
