import type Database from 'better-sqlite3';
import {
  comparisonSql,
  keysetPage,
  type Comparand,
  type Comparator,
  type Cursor,
  type SortKey,
  type SqlPart,
} from '../store/index.ts';
import { belowLocation } from './experiments.ts';
import { loggedModelsOf, type LoggedModel, type LoggedModelRow } from './logged-models.ts';

export const loggedModelAttributes = {
  model_id: 'm.model_id',
  experiment_id: 'm.experiment',
  name: 'm.name',
  model_type: 'm.model_type',
  source_run_id: 'm.source_run_id',
  // The numbers of MLflow's own enumeration, by which it orders.
  status: "CASE m.status WHEN 'pending' THEN 1 WHEN 'ready' THEN 2 WHEN 'upload_failed' THEN 3 ELSE 0 END",
  creation_timestamp_ms: 'm.created_at',
  last_updated_timestamp_ms: 'm.updated_at',
  artifact_location: 'm.artifact_location',
  lifecycle_stage: "iif(m.deleted_at IS NULL, 'active', 'deleted')",
} as const;
export type LoggedModelAttribute = keyof typeof loggedModelAttributes;

export type LoggedModelField =
  | { readonly kind: 'attribute'; readonly key: LoggedModelAttribute }
  | { readonly kind: 'metric' | 'param' | 'tag'; readonly key: string };

export interface DatasetChoice {
  readonly name: string;
  readonly digest: string | null;
}

export interface LoggedModelQuery {
  readonly experiments: readonly number[];
  readonly comparisons: readonly {
    readonly field: LoggedModelField;
    readonly comparator: Comparator;
    readonly value: Comparand;
  }[];
  /** Metrics count only where they were measured on one of these; none: on any or no data set. */
  readonly datasets: readonly DatasetChoice[];
  readonly order: readonly {
    readonly field: LoggedModelField;
    readonly isDescending: boolean;
    readonly dataset: DatasetChoice | null;
  }[];
  readonly after: Cursor | null;
  readonly limit: number;
}

/** One page of the logged models of some experiments; ties are broken by age, the newest first, then by id. */
export function loggedModelQuery(
  db: Database.Database,
  query: LoggedModelQuery,
): { models: LoggedModel[]; next: Cursor | null } {
  const onDatasets = datasetCondition(query.datasets);
  const conditions: SqlPart[] = [
    { sql: 'm.deleted_at IS NULL', values: [] },
    { sql: 'm.experiment IN (SELECT value FROM json_each(?))', values: [JSON.stringify(query.experiments)] },
    ...query.comparisons.map(({ field, comparator, value }): SqlPart => {
      if (field.kind === 'attribute')
        return comparisonSql(loggedModelAttributes[field.key], comparator, value);
      if (field.kind === 'metric') {
        const latest = latestMetric(field.key, [onDatasets]);
        const compared = comparisonSql(latest.sql, comparator, value);
        return { sql: compared.sql, values: [...latest.values, ...compared.values] };
      }
      const compared = comparisonSql('v.value', comparator, value);
      return {
        sql: `EXISTS (SELECT 1 FROM logged_model_${field.kind} v WHERE v.model = m.id AND v.key = ? AND ${compared.sql})`,
        values: [field.key, ...compared.values],
      };
    }),
  ];
  if (query.datasets.length > 0 && !query.comparisons.some(({ field }) => field.kind === 'metric'))
    conditions.push({
      sql: `EXISTS (SELECT 1 FROM logged_model_metric v WHERE v.model = m.id AND ${onDatasets.sql})`,
      values: onDatasets.values,
    });
  const { rows, next } = keysetPage<LoggedModelRow>(
    db,
    {
      columns: 'm.*',
      from: {
        sql: `FROM (SELECT m.*, ${belowLocation('e', "'models/' || m.model_id || '/artifacts'")} AS artifact_location FROM logged_model m JOIN experiment e ON e.id = m.experiment) m
          WHERE ${conditions.map((part) => `(${part.sql})`).join(' AND ')}`,
        values: conditions.flatMap((part) => part.values),
      },
    },
    sortKeysOf(query.order, onDatasets),
    query.after,
    query.limit,
  );
  return { models: loggedModelsOf(db, rows), next };
}

function datasetCondition(datasets: readonly DatasetChoice[]): SqlPart {
  if (datasets.length === 0) return { sql: '1', values: [] };
  return {
    sql: `(${datasets.map(({ digest }) => `v.dataset_name = ?${digest === null ? '' : ' AND v.dataset_digest = ?'}`).join(' OR ')})`,
    values: datasets.flatMap(({ name, digest }) => (digest === null ? [name] : [name, digest])),
  };
}

/** The metric with the greatest (step, time, value) of those that meet the conditions; NULL where there is none. */
function latestMetric(key: string, conditions: readonly SqlPart[]): SqlPart {
  // NaN is 0 and infinity the greatest number, as MLflow's database has them.
  const value = `max(min(iif(typeof(v.value) = 'text', 0, v.value), 1.7976931348623157e308), -1.7976931348623157e308)`;
  return {
    sql: `(SELECT ${value} FROM logged_model_metric v WHERE v.model = m.id AND v.key = ? AND ${conditions.map(({ sql }) => sql).join(' AND ')}
      ORDER BY v.step DESC, v.time DESC, ${value} DESC LIMIT 1)`,
    values: [key, ...conditions.flatMap(({ values }) => values)],
  };
}

function sortKeysOf(order: LoggedModelQuery['order'], onDatasets: SqlPart): SortKey[] {
  const keys = order.flatMap(({ field, isDescending, dataset }): SortKey[] => {
    if (field.kind === 'attribute')
      return [{ sql: loggedModelAttributes[field.key], values: [], isDescending }];
    const value = latestMetric(field.key, [onDatasets, datasetCondition(dataset === null ? [] : [dataset])]);
    return [
      { sql: `${value.sql} IS NULL`, values: value.values, isDescending: false },
      { ...value, isDescending },
    ];
  });
  const isOrderedBy = (key: LoggedModelAttribute) =>
    order.some(({ field }) => field.kind === 'attribute' && field.key === key);
  if (!isOrderedBy('creation_timestamp_ms'))
    keys.push({ sql: 'm.created_at', values: [], isDescending: true });
  if (!isOrderedBy('model_id')) keys.push({ sql: 'm.model_id', values: [], isDescending: false });
  return keys;
}
