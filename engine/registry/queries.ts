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
import { historyAfter, historyBefore } from './history-queries.ts';
import { isPrompt, modelList } from './model-list.ts';
import { registeredModelsOf, type ModelRow, type RegisteredModel } from './registered-models.ts';
import { versionsOf, type ModelVersion, type VersionRow } from './model-versions.ts';
import { verifyHistory } from './verify-history.ts';

export type ModelField =
  | { readonly kind: 'attribute'; readonly key: 'name' }
  | { readonly kind: 'tag'; readonly key: string };

export type VersionField =
  | { readonly kind: 'attribute'; readonly key: 'name' | 'version_number' | 'run_id' | 'source_path' }
  | { readonly kind: 'tag'; readonly key: string };

interface RegistryComparison<Field> {
  readonly field: Field;
  readonly comparator: Comparator;
  readonly value: Comparand;
}

interface RegistryQuery<Field, OrderKey> {
  readonly comparisons: readonly RegistryComparison<Field>[];
  /** Prompts share the tables with models; a search finds one kind or the other. */
  readonly kind: 'models' | 'prompts';
  readonly order: readonly { readonly key: OrderKey; readonly isDescending: boolean }[];
  readonly after: Cursor | null;
  readonly limit: number;
}

export type ModelOrderKey = 'name' | 'last_updated_timestamp';
export type VersionOrderKey = 'name' | 'version_number' | 'creation_timestamp' | 'last_updated_timestamp';
export type ModelQuery = RegistryQuery<ModelField, ModelOrderKey>;
export type VersionQuery = RegistryQuery<VersionField, VersionOrderKey>;

const isPromptVersion =
  "EXISTS (SELECT 1 FROM model_version_tag p WHERE p.model = m.id AND p.key = 'mlflow.prompt.is_prompt' AND p.value = 'true')";

/** One page of registered models; ties are broken by name. */
function modelQuery(
  db: Database.Database,
  query: ModelQuery,
): { models: RegisteredModel[]; next: Cursor | null } {
  const conditions = [
    { sql: 'm.deleted_name IS NULL', values: [] },
    ...(query.kind === 'models' ? [{ sql: `NOT ${isPrompt}`, values: [] }] : []),
    ...query.comparisons.map(({ field, comparator, value }) =>
      field.kind === 'attribute'
        ? comparisonSql('m.name', comparator, value)
        : tagCondition('registered_model_tag t WHERE t.model = m.id', field.key, comparator, value),
    ),
  ];
  const columns: Readonly<Record<ModelOrderKey, string>> = {
    name: 'm.name',
    last_updated_timestamp: 'm.updated_at',
  };
  const { rows, next } = keysetPage<ModelRow>(
    db,
    { columns: 'm.*', from: fromWhere('registered_model m', conditions) },
    sortKeys(query.order, columns, [['name', false]]),
    query.after,
    query.limit,
  );
  return { models: registeredModelsOf(db, rows), next };
}

/** One page of model versions; ties are broken by name, then by number, the newest first. */
function versionQuery(
  db: Database.Database,
  query: VersionQuery,
): { versions: ModelVersion[]; next: Cursor | null } {
  const attributes = {
    name: 'm.name',
    version_number: 'v.version',
    run_id: 'v.run_id',
    source_path: 'v.source',
  } as const;
  const conditions = [
    { sql: 'v.is_deleted = 0', values: [] },
    ...(query.kind === 'models' ? [{ sql: `NOT ${isPromptVersion}`, values: [] }] : []),
    ...query.comparisons.map(({ field, comparator, value }) =>
      field.kind === 'attribute'
        ? comparisonSql(attributes[field.key], comparator, value)
        : tagCondition(
            'model_version_tag t WHERE t.model = v.model AND t.version = v.version',
            field.key,
            comparator,
            value,
          ),
    ),
  ];
  const columns: Readonly<Record<VersionOrderKey, string>> = {
    name: 'm.name',
    version_number: 'v.version',
    creation_timestamp: 'v.created_at',
    last_updated_timestamp: 'v.updated_at',
  };
  const { rows, next } = keysetPage<VersionRow>(
    db,
    {
      columns: 'v.*, m.name',
      from: fromWhere('model_version v JOIN registered_model m ON m.id = v.model', conditions),
    },
    sortKeys(query.order, columns, [
      ['name', false],
      ['version_number', true],
    ]),
    query.after,
    query.limit,
  );
  return { versions: versionsOf(db, rows), next };
}

function tagCondition(from: string, key: string, comparator: Comparator, value: Comparand): SqlPart {
  const compared = comparisonSql('t.value', comparator, value);
  return {
    sql: `EXISTS (SELECT 1 FROM ${from} AND t.key = ? AND ${compared.sql})`,
    values: [key, ...compared.values],
  };
}

function fromWhere(tables: string, conditions: readonly SqlPart[]): SqlPart {
  return {
    sql: `FROM ${tables} WHERE ${conditions.map((part) => `(${part.sql})`).join(' AND ') || '1'}`,
    values: conditions.flatMap((part) => part.values),
  };
}

function sortKeys<Key extends string>(
  order: readonly { key: Key; isDescending: boolean }[],
  columns: Readonly<Record<Key, string>>,
  ties: readonly (readonly [Key, boolean])[],
): SortKey[] {
  const missing = ties.filter(([key]) => !order.some((chosen) => chosen.key === key));
  return [...order, ...missing.map(([key, isDescending]) => ({ key, isDescending }))].map(
    ({ key, isDescending }) => ({ sql: columns[key], values: [], isDescending }),
  );
}

/** The searches of this room, for the reader threads. */
export const queries = {
  'registry.modelQuery': modelQuery,
  'registry.versionQuery': versionQuery,
  'registry.modelList': modelList,
  'registry.historyBefore': historyBefore,
  'registry.historyAfter': historyAfter,
  'registry.verifyHistory': verifyHistory,
};
