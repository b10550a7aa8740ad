import type Database from 'better-sqlite3';
import { assertNever } from '../../contract/index.ts';
import {
  comparisonSql,
  keysetPage,
  type Comparand,
  type Comparator,
  type Cursor,
  type SortKey,
  type SqlPart,
} from '../store/index.ts';
import {
  artifactUri,
  recordedColumns,
  recordedRunsOf,
  type RecordedRow,
  type RecordedRun,
} from './recorded-run.ts';

export type RunAttribute =
  | 'run_id'
  | 'run_name'
  | 'user_id'
  | 'status'
  | 'start_time'
  | 'end_time'
  | 'artifact_uri';

/** What a filter or an order of runs can name. */
export type RunField =
  | { readonly kind: 'attribute'; readonly key: RunAttribute }
  | { readonly kind: 'metric' | 'param' | 'tag'; readonly key: string }
  | { readonly kind: 'dataset'; readonly key: 'name' | 'digest' | 'context' };

export interface RunComparison {
  readonly field: RunField;
  readonly comparator: Comparator;
  readonly value: Comparand;
}

export interface RunQuery {
  readonly experiments: readonly number[];
  readonly lifecycle: 'active' | 'deleted' | 'all';
  /** All must hold. */
  readonly comparisons: readonly RunComparison[];
  /** Ties are broken by start time, the latest first, then by run id. */
  readonly order: readonly { readonly field: RunField; readonly isDescending: boolean }[];
  readonly after: Cursor | null;
  readonly limit: number;
}

/** One page of the runs of some experiments. Missing values and NaN come last in either direction. */
export function runQuery(
  db: Database.Database,
  query: RunQuery,
): { runs: RecordedRun[]; next: Cursor | null } {
  const conditions: SqlPart[] = [
    {
      sql: 'r.experiment IN (SELECT value FROM json_each(?))',
      values: [JSON.stringify(query.experiments)],
    },
    ...query.comparisons.map(conditionOf),
  ];
  if (query.lifecycle !== 'all')
    conditions.push({ sql: `r.deleted_at IS ${query.lifecycle === 'active' ? '' : 'NOT '}NULL`, values: [] });
  const { rows, next } = keysetPage<RecordedRow>(
    db,
    {
      columns: recordedColumns,
      from: {
        sql: `FROM run r JOIN experiment e ON e.id = r.experiment WHERE ${conditions.map((part) => `(${part.sql})`).join(' AND ')}`,
        values: conditions.flatMap((part) => part.values),
      },
    },
    sortKeysOf(query.order),
    query.after,
    query.limit,
  );
  return { runs: recordedRunsOf(db, rows), next };
}

const attributeColumns: Readonly<Record<RunAttribute, string>> = {
  run_id: 'r.run_id',
  run_name: 'r.name',
  user_id: "coalesce(r.user_id, '')",
  status: "CASE r.status WHEN 'queued' THEN 'SCHEDULED' WHEN 'lost' THEN 'FAILED' ELSE upper(r.status) END",
  start_time: 'r.started_at',
  end_time: 'r.ended_at',
  artifact_uri: artifactUri,
};

const named = 'v.run = r.id AND v.name = (SELECT id FROM name WHERE text = ?)';

function conditionOf({ field, comparator, value }: RunComparison): SqlPart {
  switch (field.kind) {
    case 'attribute':
      return comparisonSql(attributeColumns[field.key], comparator, value);
    case 'metric': {
      // NaN is a text in the store. It equals nothing: only != holds for it.
      const compared = comparisonSql('v.last_value', comparator, value);
      const isNaN = "typeof(v.last_value) = 'text'";
      return {
        sql: `EXISTS (SELECT 1 FROM series v WHERE ${named} AND v.point_count > 0 AND ${
          comparator === '!=' ? `(${isNaN} OR ${compared.sql})` : `NOT ${isNaN} AND ${compared.sql}`
        })`,
        values: [field.key, ...compared.values],
      };
    }
    case 'param':
    case 'tag': {
      if (comparator === 'IS NULL' || comparator === 'IS NOT NULL') {
        const not = comparator === 'IS NULL' ? 'NOT ' : '';
        return {
          sql: `${not}EXISTS (SELECT 1 FROM ${field.kind} v WHERE ${named})`,
          values: [field.key],
        };
      }
      const compared = comparisonSql('v.value', comparator, value);
      return {
        sql: `EXISTS (SELECT 1 FROM ${field.kind} v WHERE ${named} AND ${compared.sql})`,
        values: [field.key, ...compared.values],
      };
    }
    case 'dataset': {
      if (field.key === 'context') {
        const compared = comparisonSql('v.value', comparator, value);
        return {
          sql: `EXISTS (SELECT 1 FROM run_dataset_tag v WHERE v.run = r.id AND v.key = 'mlflow.data.context' AND ${compared.sql})`,
          values: compared.values,
        };
      }
      const compared = comparisonSql(`d.${field.key}`, comparator, value);
      return {
        sql: `EXISTS (SELECT 1 FROM run_dataset v JOIN dataset d ON d.id = v.dataset WHERE v.run = r.id AND ${compared.sql})`,
        values: compared.values,
      };
    }
    default:
      return assertNever(field);
  }
}

function sortKeysOf(order: RunQuery['order']): SortKey[] {
  const keys = order.flatMap(({ field, isDescending }) => {
    const value = sortValue(field);
    return [
      { ...value.missing, isDescending: false },
      { ...value.value, isDescending },
    ];
  });
  if (!order.some(({ field }) => field.kind === 'attribute' && field.key === 'start_time'))
    keys.push({ sql: 'coalesce(r.started_at, 0)', values: [], isDescending: true });
  return [...keys, { sql: 'r.run_id', values: [], isDescending: false }];
}

/** What to sort by, and before it a number that puts missing values (and, for metrics, NaN) behind the rest. */
function sortValue(field: RunField): { missing: SqlPart; value: SqlPart } {
  if (field.kind === 'attribute') {
    const column = attributeColumns[field.key];
    return { missing: { sql: `${column} IS NULL`, values: [] }, value: { sql: column, values: [] } };
  }
  if (field.kind === 'metric') {
    // Infinities have no JSON for the cursor; the greatest double takes their place.
    const clamped =
      "iif(typeof(v.last_value) = 'text', 0, max(min(v.last_value, 1.7976931348623157e308), -1.7976931348623157e308))";
    return {
      missing: {
        sql: `coalesce((SELECT iif(typeof(v.last_value) = 'text', 1, 0) FROM series v WHERE ${named} AND v.point_count > 0), 2)`,
        values: [field.key],
      },
      value: {
        sql: `(SELECT ${clamped} FROM series v WHERE ${named} AND v.point_count > 0)`,
        values: [field.key],
      },
    };
  }
  const table = field.kind === 'param' ? 'param' : 'tag';
  const value = { sql: `(SELECT v.value FROM ${table} v WHERE ${named})`, values: [field.key] };
  return { missing: { sql: `${value.sql} IS NULL`, values: value.values }, value };
}
