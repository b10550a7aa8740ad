import type Database from 'better-sqlite3';
import { gateTag } from '../../../contract/index.ts';
import {
  cursorOf,
  prepared,
  sortedRows,
  type Cursor,
  type SortedRow,
  type SortKey,
  type SqlPart,
} from '../../store/index.ts';
import { isBroad, narrowed, type Narrowed } from './candidates.ts';
import { attributeSql, conditionSql, numberOrText } from './condition-sql.ts';
import { knownName } from './names.ts';
import type { RunAttribute, RunCondition, RunOrderKey } from './run-condition.ts';
import { unlessIgnored } from './unless-ignored.ts';
import { wordsMatch } from './words.ts';

/** Which runs a search is about, before anything is asked of them. */
export interface RunScope {
  readonly lifecycle: 'active' | 'deleted' | 'all';
  /** All when left out. */
  readonly experiments?: readonly number[];
  readonly projectId?: string;
  /** Leaves out runs that were made to judge a version. */
  readonly withoutEvidence?: boolean;
}

export interface RunSearch {
  readonly scope: RunScope;
  readonly where: RunCondition;
  /** Ties are broken by start time, the latest first, then by run id. What is missing comes last, NaN just before it. */
  readonly order: readonly RunOrderKey[];
  readonly after: Cursor | null;
  /** Runs to leave out behind `after`: for a jump into the middle. */
  readonly offset?: number;
  readonly limit: number;
}

/** Words in at least so many texts are looked for in each run by itself. */
const broadTexts = (runs: number): number => Math.max(5000, runs / 5);

/**
 * One page of a search, as the runs' numbers in order. Two ways, whichever reads less: where the filter leaves few runs,
 * these are gathered and sorted; else the runs are met in the order asked for, by an index, until the page is full.
 */
export function findRuns(
  db: Database.Database,
  search: RunSearch,
): { runs: number[]; next: Cursor | null; narrowedTo: number | null } {
  const scope = scopeSql(db, search.scope);
  const total = (prepared(db, 'SELECT max(id) FROM run').pluck().get() as number | null) ?? 0;
  // Sorting n runs against meeting limit × total / n of them: even where n² = limit × total.
  const few = Math.max(500, Math.ceil(Math.sqrt(search.limit * total)));
  const found = narrowed(db, scopeRuns(search.scope), [search.where], few);
  const whereOf = whereSql(db, found, scope, broadTexts(total));
  const phases = phasesOf(db, search.order, found.runs);
  const [firstPhase = 0, ...keys] = search.after ?? [];
  const rows: { id: number; cursor: Cursor }[] = [];
  let toSkip = search.offset ?? 0;
  for (const [index, phase] of phases.entries()) {
    if (index < Number(firstPhase) || rows.length > search.limit) continue;
    const after = index === Number(firstPhase) && search.after !== null ? decoded(keys, phase.keys) : null;
    const where = whereOf(phase.id);
    const from: SqlPart = {
      sql: `FROM ${phase.from.sql} WHERE ${[...phase.where, where].map(({ sql }) => `(${sql})`).join(' AND ')}`,
      values: [...phase.from.values, ...phase.where.flatMap(({ values }) => values), ...where.values],
    };
    const page: SortedRow<{ id: number }>[] = sortedRows(
      db,
      { columns: 'r.id', from },
      phase.keys,
      after,
      search.limit + 1 - rows.length,
      toSkip,
    );
    // Nothing left of this part: what of it was passed over does not have to be in the next.
    if (page.length === 0 && toSkip > 0)
      toSkip -= prepared(db, `SELECT count(*) ${from.sql}`)
        .pluck()
        .get(...from.values) as number;
    else toSkip = 0;
    for (const row of page)
      rows.push({ id: row.id, cursor: [index, ...cursorOf(row, phase.keys).map(encoded)] });
  }
  return {
    runs: rows.slice(0, search.limit).map(({ id }) => id),
    next: rows.length > search.limit ? (rows[search.limit - 1]?.cursor ?? null) : null,
    narrowedTo: found.runs === null ? null : found.runs.length,
  };
}

/** How many runs match, however many that are. Reads every run of the scope, or every entry of an index. */
export function countRuns(db: Database.Database, scope: RunScope, condition: RunCondition): number {
  const all = scopeSql(db, scope);
  const total = (prepared(db, 'SELECT max(id) FROM run').pluck().get() as number | null) ?? 0;
  const found = narrowed(db, [], [condition], Math.max(20_000, total / 4));
  const where = whereSql(db, found, all, Number.POSITIVE_INFINITY)('r.id');
  const from: SqlPart =
    found.runs === null
      ? { sql: 'run r', values: [] }
      : { sql: 'json_each(?) c CROSS JOIN run r ON r.id = c.value', values: [JSON.stringify(found.runs)] };
  return prepared(db, `SELECT count(*) FROM ${from.sql} WHERE ${where.sql}`)
    .pluck()
    .get(...from.values, ...where.values) as number;
}

function whereSql(
  db: Database.Database,
  { left }: Narrowed,
  scope: readonly SqlPart[],
  broadFrom: number,
): (id: string) => SqlPart {
  const broad = new Set(
    left
      .flatMap(wordsIn)
      .map(wordsMatch)
      .filter((match) => match !== null)
      .filter((match) => isBroad(db, match, broadFrom)),
  );
  return (id) => {
    const cheapFirst = left.toSorted((one, other) => costOf(one) - costOf(other));
    const parts = [...scope, ...cheapFirst.map((condition) => conditionSql(db, condition, broad, id))];
    return {
      sql: parts.map(({ sql }) => sql).join(' AND ') || '1',
      values: parts.flatMap(({ values }) => values),
    };
  };
}

/**
 * What one test costs and how many runs it leaves, in no unit. SQLite tests in the order given: a param or a tag is one
 * look-up, a metric two, and "equal to" leaves the fewest.
 */
function costOf(condition: RunCondition): number {
  if (condition.kind !== 'compare') return 3;
  const { field, comparator } = condition.comparison;
  if (field.kind === 'dataset') return 3;
  if (field.kind === 'metric') return 2;
  return comparator === '=' || comparator === 'IN' ? 0 : 1;
}

function wordsIn(condition: RunCondition): (RunCondition & { kind: 'words' })[] {
  if (condition.kind === 'words') return [condition];
  // What most runs have is what few lack: there, a page is not found soon.
  return condition.kind === 'compare' || condition.kind === 'not' ? [] : condition.of.flatMap(wordsIn);
}

function scopeSql(
  db: Database.Database,
  { lifecycle, experiments, projectId, withoutEvidence = false }: RunScope,
): SqlPart[] {
  const parts: SqlPart[] = [];
  const evidence = withoutEvidence ? knownName(db, gateTag) : null;
  if (evidence !== null)
    parts.push({
      sql: 'NOT EXISTS (SELECT 1 FROM tag e WHERE e.run = r.id AND e.name = ?)',
      values: [evidence],
    });
  if (experiments?.length === 1) parts.push({ sql: 'r.experiment = ?', values: [experiments[0] ?? 0] });
  // The + keeps SQLite from taking the experiments one by one, which would lose the order by start time.
  else if (experiments !== undefined)
    parts.push({
      sql: '+r.experiment IN (SELECT value FROM json_each(?))',
      values: [JSON.stringify(experiments)],
    });
  if (projectId !== undefined) parts.push({ sql: 'r.project_id = ?', values: [projectId] });
  if (lifecycle !== 'all')
    parts.push({ sql: `r.deleted_at IS ${lifecycle === 'active' ? '' : 'NOT '}NULL`, values: [] });
  return parts;
}

/** Queries for the runs of a scope that an index can answer. */
function scopeRuns({ lifecycle, experiments, projectId }: RunScope): SqlPart[] {
  const parts: SqlPart[] = [];
  if (lifecycle === 'deleted')
    parts.push({ sql: 'SELECT id FROM run WHERE deleted_at IS NOT NULL', values: [] });
  if (experiments !== undefined)
    parts.push({
      sql: 'SELECT id FROM run WHERE experiment IN (SELECT value FROM json_each(?))',
      values: [JSON.stringify(experiments)],
    });
  if (projectId !== undefined && lifecycle === 'active')
    parts.push({
      sql: 'SELECT id FROM run WHERE project_id = ? AND deleted_at IS NULL',
      values: [projectId],
    });
  return parts;
}

/** A part of the result that comes before the next part as a whole, with what it is sorted by within. */
interface Phase {
  readonly from: SqlPart;
  /** SQL for the number of a run, as soon as it is known. */
  readonly id: 'r.id' | 'k.run';
  readonly where: readonly SqlPart[];
  readonly keys: readonly SortKey[];
}

const newestFirst: RunOrderKey = { field: { kind: 'attribute', key: 'start_time' }, isDescending: true };

/** Runs that have what the first key orders by, then (for metrics) those where it is NaN, then those without. */
function phasesOf(
  db: Database.Database,
  order: readonly RunOrderKey[],
  runs: readonly number[] | null,
): Phase[] {
  const first = order[0] ?? newestFirst;
  const others = order.slice(1);
  const rest = [...others.flatMap((key) => nullableKeys(db, key)), ...tieBreak([first, ...others])];
  const few: SqlPart | null =
    runs === null
      ? null
      : { sql: 'json_each(?) c CROSS JOIN run r ON r.id = c.value', values: [JSON.stringify(runs)] };
  const bare = few ?? { sql: 'run r', values: [] };
  const { field, isDescending } = first;
  const id = 'r.id';
  const summary = `${first.of ?? 'last'}_value`;
  if (field.kind === 'attribute') {
    const sql = orderedAttribute(field.key);
    const own = { sql, values: [], isDescending };
    if (!nullable.has(field.key)) return [{ from: bare, id, where: [], keys: [own, ...rest] }];
    return [
      { from: bare, id, where: [{ sql: `${sql} IS NOT NULL`, values: [] }], keys: [own, ...rest] },
      { from: bare, id, where: [{ sql: `${sql} IS NULL`, values: [] }], keys: rest },
    ];
  }
  const name = field.kind === 'dataset' ? null : knownName(db, field.key);
  if (field.kind === 'dataset' || name === null) return [{ from: bare, id, where: [], keys: rest }];
  const table = field.kind === 'metric' ? 'series' : field.kind;
  const from: SqlPart =
    few === null
      ? { sql: `${table} k CROSS JOIN run r ON r.id = k.run`, values: [] }
      : { sql: `${few.sql} CROSS JOIN ${table} k ON k.run = r.id`, values: few.values };
  const seen = field.kind === 'metric' ? unlessIgnored(db, name, 'k') : '';
  const named = { sql: `k.name = ?${seen}`, values: [name] };
  const absent: Phase = {
    from: bare,
    id,
    where: [
      {
        sql: `NOT EXISTS (SELECT 1 FROM ${table} k WHERE k.run = r.id AND k.name = ?${seen}${field.kind === 'metric' ? ` AND k.${summary} IS NOT NULL` : ''})`,
        values: [name],
      },
    ],
    keys: rest,
  };
  // Where few runs are gathered first, the + keeps SQLite from the index by value.
  const by = few === null ? 'k.' : '+k.';
  if (field.kind !== 'metric') {
    const column = `${by}value`;
    const sql = first.byNumber === true && field.kind === 'param' ? numberOrText(column) : column;
    return [
      { from, id: 'k.run', where: [named], keys: [{ sql, values: [], isDescending }, ...rest] },
      absent,
    ];
  }
  const own = { sql: by + summary, values: [], isDescending };
  return [
    // In SQLite any number is less than any text, NaN's among them.
    { from, id: 'k.run', where: [named, { sql: `${by}${summary} < ''`, values: [] }], keys: [own, ...rest] },
    { from, id: 'k.run', where: [named, { sql: `${by}${summary} = 'NaN'`, values: [] }], keys: rest },
    absent,
  ];
}

const nullable: ReadonlySet<RunAttribute> = new Set(['start_time', 'end_time', 'duration']);

/** A run that goes on has no duration to order by yet. */
function orderedAttribute(key: RunAttribute): string {
  if (key === 'duration') return '(r.ended_at - r.started_at - r.still_ms)';
  return attributeSql[key];
}

/** A key that is not the first: whether it is missing, then its value. */
function nullableKeys(db: Database.Database, { field, isDescending, byNumber, of }: RunOrderKey): SortKey[] {
  if (field.kind === 'dataset') return [];
  const missing = (sql: string, values: SqlPart['values']): SortKey => ({
    sql,
    values,
    isDescending: false,
  });
  if (field.kind === 'attribute') {
    const sql = orderedAttribute(field.key);
    const own = { sql, values: [], isDescending };
    return nullable.has(field.key) ? [missing(`${sql} IS NULL`, []), own] : [own];
  }
  const name = knownName(db, field.key);
  if (name === null) return [];
  if (field.kind === 'metric') {
    const column = `k.${of ?? 'last'}_value`;
    const select = (what: string) =>
      `(SELECT ${what} FROM series k WHERE k.run = r.id AND k.name = ?${unlessIgnored(db, name, 'k')} AND ${column} IS NOT NULL)`;
    return [
      missing(`coalesce(${select(`${column} >= ''`)}, 2)`, [name]),
      { sql: select(`iif(${column} < '', ${column}, NULL)`), values: [name], isDescending },
    ];
  }
  const column = byNumber === true && field.kind === 'param' ? numberOrText('k.value') : 'k.value';
  const sql = `(SELECT ${column} FROM ${field.kind} k WHERE k.run = r.id AND k.name = ?)`;
  return [missing(`${sql} IS NULL`, [name]), { sql, values: [name], isDescending }];
}

function tieBreak(order: readonly RunOrderKey[]): SortKey[] {
  const isOrderedBy = (key: RunAttribute) =>
    order.some(({ field }) => field.kind === 'attribute' && field.key === key);
  const values: SqlPart['values'] = [];
  return [
    ...(isOrderedBy('start_time') ? [] : [{ sql: 'ifnull(r.started_at, 0)', values, isDescending: true }]),
    ...(isOrderedBy('run_id') ? [] : [{ sql: 'r.run_id', values, isDescending: false }]),
  ];
}

// JSON has no infinities; a text that begins like this one is escaped.
const encoded = (value: string | number | null): string | number | null =>
  typeof value === 'number' && !Number.isFinite(value)
    ? `∞${value > 0 ? '+' : '-'}`
    : typeof value === 'string' && value.startsWith('∞')
      ? `∞=${value}`
      : value;

function decoded(cursor: Cursor, keys: readonly SortKey[]): Cursor {
  return cursor.length !== keys.length
    ? cursor
    : cursor.map((value) => {
        if (typeof value !== 'string' || !value.startsWith('∞')) return value;
        if (value.startsWith('∞=')) return value.slice(2);
        return value === '∞+' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      });
}
