import type Database from 'better-sqlite3';
import {
  comparisonSql,
  keysetPage,
  type Comparand,
  type Comparator,
  type Cursor,
  type SqlPart,
} from '../store/index.ts';
import { experimentsOf, type Experiment, type ExperimentRow } from './experiments.ts';

export type ExperimentAttribute = 'name' | 'experiment_id' | 'creation_time' | 'last_update_time';

export type ExperimentField =
  | { readonly kind: 'attribute'; readonly key: ExperimentAttribute }
  | { readonly kind: 'tag'; readonly key: string };

export interface ExperimentQuery {
  readonly lifecycle: 'active' | 'deleted' | 'all';
  readonly comparisons: readonly {
    readonly field: ExperimentField;
    readonly comparator: Comparator;
    readonly value: Comparand;
  }[];
  readonly order: readonly { readonly key: ExperimentAttribute; readonly isDescending: boolean }[];
  readonly after: Cursor | null;
  readonly limit: number;
}

const columns: Readonly<Record<ExperimentAttribute, string>> = {
  name: 'e.name',
  experiment_id: 'e.id',
  creation_time: 'e.created_at',
  last_update_time: 'e.updated_at',
};

/** One page of experiments; ties are broken by number, the newest first. */
export function experimentQuery(
  db: Database.Database,
  query: ExperimentQuery,
): { experiments: Experiment[]; next: Cursor | null } {
  const conditions: SqlPart[] = query.comparisons.map(({ field, comparator, value }) => {
    if (field.kind === 'attribute') return comparisonSql(columns[field.key], comparator, value);
    if (comparator === 'IS NULL' || comparator === 'IS NOT NULL') {
      const not = comparator === 'IS NULL' ? 'NOT ' : '';
      return {
        sql: `${not}EXISTS (SELECT 1 FROM experiment_tag t WHERE t.experiment = e.id AND t.key = ?)`,
        values: [field.key],
      };
    }
    const compared = comparisonSql('t.value', comparator, value);
    return {
      sql: `EXISTS (SELECT 1 FROM experiment_tag t WHERE t.experiment = e.id AND t.key = ? AND ${compared.sql})`,
      values: [field.key, ...compared.values],
    };
  });
  if (query.lifecycle !== 'all') conditions.push({ sql: 'e.lifecycle = ?', values: [query.lifecycle] });
  const keys = query.order.map(({ key, isDescending }) => ({ sql: columns[key], values: [], isDescending }));
  if (!query.order.some(({ key }) => key === 'experiment_id'))
    keys.push({ sql: 'e.id', values: [], isDescending: true });
  const { rows, next } = keysetPage<ExperimentRow>(
    db,
    {
      columns: 'e.*',
      from: {
        sql: `FROM experiment e WHERE ${conditions.map((part) => `(${part.sql})`).join(' AND ') || '1'}`,
        values: conditions.flatMap((part) => part.values),
      },
    },
    keys,
    query.after,
    query.limit,
  );
  return { experiments: experimentsOf(db, rows), next };
}
