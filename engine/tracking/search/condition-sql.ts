import type Database from 'better-sqlite3';
import { assertNever } from '../../../contract/index.ts';
import { comparisonSql, type SqlPart } from '../../store/index.ts';
import { artifactUri } from '../recorded-run.ts';
import { knownName } from './names.ts';
import type { RunAttribute, RunComparison, RunCondition } from './run-condition.ts';
import { unlessIgnored } from './unless-ignored.ts';
import { containedWords, wordsMatch } from './words.ts';

/** SQL over alias r of `run`. */
export const attributeSql: Readonly<Record<RunAttribute, string>> = {
  run_id: 'r.run_id',
  run_name: 'r.name',
  user_id: "coalesce(r.user_id, '')",
  status: "CASE r.status WHEN 'queued' THEN 'SCHEDULED' WHEN 'lost' THEN 'FAILED' ELSE upper(r.status) END",
  state: 'r.status',
  start_time: 'r.started_at',
  end_time: 'r.ended_at',
  created_at: 'r.created_at',
  // A run that goes on has lasted until now.
  duration: "((coalesce(r.ended_at, unixepoch('subsec') * 1000) - r.started_at - r.still_ms) / 1000.0)",
  note: 'r.note',
  command: "(SELECT coalesce(group_concat(value, ' '), '') FROM json_each(r.command))",
  source: 'r.source',
  experiment: '(SELECT e.name FROM experiment e WHERE e.id = r.experiment)',
  artifact_uri: `(SELECT ${artifactUri} FROM experiment e WHERE e.id = r.experiment)`,
  starred: 'r.is_starred',
};

/**
 * A param's value as number where it is written like one, else as text. Numbers sort before texts. The index
 * `param_by_number` has this very expression.
 */
export const numberOrText = (column: string): string =>
  `iif(${column} GLOB '*[0-9]*' AND NOT ${column} GLOB '*[^-+.0-9eE]*' AND NOT ${column} GLOB '*[0-9.]-*', CAST(${column} AS REAL), ${column})`;

const nothing: SqlPart = { sql: '0', values: [] };

/**
 * The condition over alias r of `run`; every comparison is a look-up for one run.
 * @param id SQL for the run's number, known before its row is read: what a look-up refuses is then never read.
 */
export function conditionSql(
  db: Database.Database,
  condition: RunCondition,
  broadWords: ReadonlySet<string>,
  id = 'r.id',
): SqlPart {
  switch (condition.kind) {
    case 'compare':
      return compareSql(db, condition.comparison, id);
    case 'words': {
      const match = wordsMatch(condition);
      if (match === null) return { sql: '1', values: [] };
      return containedWords(db, condition, match, broadWords.has(match));
    }
    case 'not': {
      const inner = conditionSql(db, condition.of, broadWords, id);
      return { sql: `NOT ifnull(${inner.sql}, 0)`, values: inner.values };
    }
    case 'all':
    case 'any': {
      if (condition.of.length === 0) return { sql: condition.kind === 'all' ? '1' : '0', values: [] };
      const parts = condition.of.map((part) => conditionSql(db, part, broadWords, id));
      return {
        sql: `(${parts.map((part) => part.sql).join(condition.kind === 'all' ? ' AND ' : ' OR ')})`,
        values: parts.flatMap((part) => part.values),
      };
    }
    default:
      return assertNever(condition);
  }
}

function compareSql(db: Database.Database, comparison: RunComparison, id: string): SqlPart {
  const { field, comparator } = comparison;
  if (field.kind === 'attribute') return wrapped(attributeComparison(comparison));
  if (field.kind === 'dataset') return datasetSql(comparison);
  const isAbsent = comparator === 'IS NULL';
  const found = ofNameSql(db, comparison);
  if (found === null) return isAbsent ? { sql: '1', values: [] } : nothing;
  // Not as EXISTS: SQLite would make a join of it and lose the order in which the runs are met.
  const look = `(SELECT ${found.where.sql} FROM ${found.table} v WHERE v.run = ${id} AND v.name = ?)`;
  return {
    sql: isAbsent ? `ifnull(${look}, 0) = 0` : look,
    values: [...found.where.values, found.name],
  };
}

const wrapped = ({ sql, values }: SqlPart): SqlPart => ({ sql: `(${sql})`, values });

/** A comparison of an attribute, over alias r of `run`. */
export function attributeComparison({ field, comparator, value }: RunComparison): SqlPart {
  const key = field.key as RunAttribute;
  // Words of a status are compared without case, as the window writes them.
  const bare = key === 'state' && comparator === 'LIKE' ? 'ILIKE' : comparator;
  // Written out, so that the index of the starred runs serves.
  if (key === 'starred' && comparator === '=' && value === 1) return { sql: 'r.is_starred = 1', values: [] };
  return comparisonSql(attributeSql[key], bare, value);
}

/**
 * What a comparison asks of the one row (alias v) of `param`, `tag` or `series` that a run has under a name; for IS NULL
 * what must not be there. Null where the name was never used.
 */
export function ofNameSql(
  db: Database.Database,
  { field, comparator, value }: RunComparison,
): { table: string; name: number; where: SqlPart } | null {
  const name = knownName(db, field.key);
  if (name === null) return null;
  const isMetric = field.kind === 'metric';
  const table = isMetric ? 'series' : field.kind;
  const seen = isMetric ? unlessIgnored(db, name, 'v') : '';
  const named = ({ sql, values }: SqlPart) => ({
    table,
    name,
    where: seen === '' ? { sql, values } : { sql: `(${sql})${seen}`, values },
  });
  if (comparator === 'IS NULL' || comparator === 'IS NOT NULL')
    return named({ sql: isMetric ? 'v.last_value IS NOT NULL' : '1', values: [] });
  if (isMetric) {
    const compared = comparisonSql(
      'v.last_value',
      comparator,
      typeof value === 'number' && Number.isNaN(value) ? 'NaN' : value,
    );
    return named(beforeTexts(compared, 'v.last_value', comparator));
  }
  const isNumber = typeof value === 'number';
  const column = isNumber ? numberOrText('v.value') : 'v.value';
  const compared = comparisonSql(column, comparator, value);
  if (Array.isArray(value) && value.some((item) => typeof item === 'number')) {
    const byNumber = comparisonSql(
      numberOrText('v.value'),
      'IN',
      value.filter((item) => typeof item === 'number'),
    );
    const byText = comparisonSql(
      'v.value',
      'IN',
      value.filter((item) => typeof item === 'string'),
    );
    return named({
      sql: `${comparator === 'NOT IN' ? 'NOT ' : ''}(${byNumber.sql} OR ${byText.sql})`,
      values: [...byNumber.values, ...byText.values],
    });
  }
  return named(isNumber ? beforeTexts(compared, column, comparator) : compared);
}

/** In SQLite any text, NaN among them, is greater than any number. */
const beforeTexts = (compared: SqlPart, column: string, comparator: RunComparison['comparator']): SqlPart =>
  comparator === '>' || comparator === '>='
    ? { sql: `${compared.sql} AND ${column} < ''`, values: compared.values }
    : compared;

function datasetSql({ field, comparator, value }: RunComparison): SqlPart {
  const isAbsent = comparator === 'IS NULL';
  const not = isAbsent ? 'NOT ' : '';
  const bare = isAbsent ? 'IS NOT NULL' : comparator;
  if (field.key === 'context') {
    const compared = comparisonSql('v.value', bare, value);
    return {
      sql: `${not}EXISTS (SELECT 1 FROM run_dataset_tag v WHERE v.run = r.id AND v.key = 'mlflow.data.context' AND ${compared.sql})`,
      values: compared.values,
    };
  }
  const compared = comparisonSql(`d.${field.key}`, bare, value);
  return {
    sql: `${not}EXISTS (SELECT 1 FROM run_dataset v JOIN dataset d ON d.id = v.dataset WHERE v.run = r.id AND ${compared.sql})`,
    values: compared.values,
  };
}
