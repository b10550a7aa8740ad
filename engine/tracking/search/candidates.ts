import type Database from 'better-sqlite3';
import { prepared, type SqlPart } from '../../store/index.ts';
import { attributeComparison, ofNameSql } from './condition-sql.ts';
import type { RunCondition } from './run-condition.ts';
import { runsWithWords, wordsMatch } from './words.ts';

/**
 * A query for the numbers of exactly the runs for which a condition holds, answered by one index; null where there is none
 * that does (a negation, an attribute without an index).
 */
function indexedRuns(db: Database.Database, condition: RunCondition): SqlPart | null {
  switch (condition.kind) {
    case 'words': {
      const match = wordsMatch(condition);
      return match === null ? null : runsWithWords(db, condition, match);
    }
    case 'compare': {
      const { field, comparator } = condition.comparison;
      if (comparator === 'IS NULL' || comparator === '!=' || comparator === 'NOT IN') return null;
      if (field.kind === 'dataset') return null;
      if (field.kind === 'attribute') {
        const isIndexed =
          field.key === 'run_id' ||
          field.key === 'run_name' ||
          ((field.key === 'state' || field.key === 'starred') && (comparator === '=' || comparator === 'IN'));
        if (!isIndexed) return null;
        const compared = attributeComparison(condition.comparison);
        return { sql: `SELECT r.id FROM run r WHERE ${compared.sql}`, values: compared.values };
      }
      const found = ofNameSql(db, condition.comparison);
      if (found === null) return { sql: 'SELECT 0 WHERE 0', values: [] };
      return {
        sql: `SELECT v.run FROM ${found.table} v WHERE v.name = ? AND ${found.where.sql}`,
        values: [found.name, ...found.where.values],
      };
    }
    case 'any': {
      const parts = condition.of.map((part) => indexedRuns(db, part));
      if (parts.length === 0 || !parts.every((part) => part !== null)) return null;
      return {
        sql: parts.map(({ sql }) => `SELECT * FROM (${sql})`).join(' UNION ALL '),
        values: parts.flatMap(({ values }) => values),
      };
    }
    case 'all':
    case 'not':
      return null;
  }
}

export interface Narrowed {
  /** The only runs that can match, when these are few; null when no condition alone leaves few. */
  readonly runs: readonly number[] | null;
  /** What is still to be tested. */
  readonly left: readonly RunCondition[];
}

/**
 * Looks which of the conditions, all of which must hold, leave at most `few` runs, and gathers those. None is looked at
 * further than that, so a condition that most runs meet costs little here.
 */
export function narrowed(
  db: Database.Database,
  scope: readonly SqlPart[],
  conditions: readonly RunCondition[],
  few: number,
): Narrowed {
  let runs: Set<number> | null = null;
  const left: RunCondition[] = [];
  const meet = (found: readonly number[]) => {
    const other = new Set(found);
    runs = runs === null ? other : new Set([...runs].filter((run) => other.has(run)));
  };
  for (const condition of conditions.flatMap(conjuncts)) {
    const query = indexedRuns(db, condition);
    const found = query === null ? null : atMost(db, query, few);
    if (found === null) left.push(condition);
    else meet(found);
  }
  // The scope is tested again in any case; it only helps where it is the one that leaves few.
  if (runs === null)
    for (const query of scope) {
      const found = atMost(db, query, few);
      if (found !== null) meet(found);
    }
  return { runs: runs === null ? null : [...(runs as Set<number>)], left };
}

/** What a query finds, or null when that is more than `few`. */
function atMost(db: Database.Database, query: SqlPart, few: number): number[] | null {
  const found = prepared(db, `SELECT * FROM (${query.sql}) LIMIT ?`)
    .pluck()
    .all(...query.values, few + 1) as number[];
  return found.length > few ? null : found;
}

/** Whether at least `many` texts contain the words. */
export function isBroad(db: Database.Database, match: string, many: number): boolean {
  if (many === Number.POSITIVE_INFINITY) return false;
  const found = prepared(db, 'SELECT count(*) FROM (SELECT 1 FROM run_text WHERE run_text MATCH ? LIMIT ?)')
    .pluck()
    .get(match, many) as number;
  return found >= many;
}

const conjuncts = (condition: RunCondition): readonly RunCondition[] =>
  condition.kind === 'all' ? condition.of.flatMap(conjuncts) : [condition];
