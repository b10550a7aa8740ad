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
import { traceColumns, tracesOf, type Trace, type TraceRow } from './traces.ts';

export type TraceAttribute =
  | 'request_id'
  | 'timestamp_ms'
  | 'execution_time_ms'
  | 'end_time_ms'
  | 'status'
  | 'client_request_id'
  | 'experiment_id';

export type SpanColumn = 'name' | 'type' | 'status' | 'content';

export type TraceField =
  | { readonly kind: 'attribute'; readonly key: TraceAttribute }
  | { readonly kind: 'tag' | 'metadata'; readonly key: string }
  /** The run that a trace was made in or linked to. */
  | { readonly kind: 'run' }
  | { readonly kind: 'prompt' }
  /** A text that stands somewhere in the trace: its name, its previews, its spans. */
  | { readonly kind: 'word' }
  | { readonly kind: 'span'; readonly key: SpanColumn }
  | { readonly kind: 'spanAttribute'; readonly key: string }
  | { readonly kind: 'feedback' | 'expectation' | 'issue'; readonly key: string };

export interface TraceComparison {
  readonly field: TraceField;
  readonly comparator: Comparator;
  readonly value: Comparand;
}

export interface TraceOrder {
  readonly field: TraceField & { readonly kind: 'attribute' | 'tag' | 'metadata' };
  readonly isDescending: boolean;
}

export interface TraceQuery {
  /** Null for all of them. */
  readonly experiments: readonly number[] | null;
  readonly comparisons: readonly TraceComparison[];
  readonly order: readonly TraceOrder[];
  readonly after: Cursor | null;
  readonly limit: number;
}

const attributeColumns: Readonly<Record<TraceAttribute, string>> = {
  request_id: 't.trace_id',
  timestamp_ms: 't.started_at',
  execution_time_ms: 't.duration_ms',
  end_time_ms: '(t.started_at + coalesce(t.duration_ms, 0))',
  status: 't.state',
  client_request_id: 't.client_request_id',
  experiment_id: 't.experiment',
};

/** One page of traces, the newest first where the order says nothing else. */
export function traceQuery(
  db: Database.Database,
  query: TraceQuery,
): { traces: Trace[]; next: Cursor | null } {
  const isOfSpan = ({ field }: TraceComparison) => field.kind === 'span' || field.kind === 'spanAttribute';
  // What is asked of spans must hold for one and the same span.
  const ofSpan = query.comparisons.filter(isOfSpan).map(spanCondition);
  const conditions: SqlPart[] = [
    ...(query.experiments === null
      ? []
      : [
          {
            sql: 't.experiment IN (SELECT value FROM json_each(?))',
            values: [JSON.stringify(query.experiments)],
          },
        ]),
    ...query.comparisons.filter((comparison) => !isOfSpan(comparison)).map(conditionSql),
    ...(ofSpan.length === 0
      ? []
      : [
          {
            sql: `EXISTS (SELECT 1 FROM span s WHERE s.trace = t.id AND ${ofSpan.map(({ sql }) => sql).join(' AND ')})`,
            values: ofSpan.flatMap(({ values }) => values),
          },
        ]),
  ];
  const { rows, next } = keysetPage<TraceRow>(
    db,
    {
      columns: traceColumns,
      from: {
        sql: `FROM trace t WHERE ${conditions.map(({ sql }) => `(${sql})`).join(' AND ') || '1'}`,
        values: conditions.flatMap(({ values }) => values),
      },
    },
    sortKeys(query.order),
    query.after,
    query.limit,
  );
  return { traces: tracesOf(db, rows), next };
}

function conditionSql({ field, comparator, value }: TraceComparison): SqlPart {
  switch (field.kind) {
    case 'attribute':
      return comparisonSql(attributeColumns[field.key], comparator, value);
    case 'tag':
    case 'metadata': {
      const there = `FROM trace_${field.kind} v WHERE v.trace = t.id AND v.key = ?`;
      if (comparator === 'IS NULL' || comparator === 'IS NOT NULL')
        return { sql: `${not(comparator)}EXISTS (SELECT 1 ${there})`, values: [field.key] };
      const compared = comparisonSql('v.value', comparator, value);
      return {
        sql: `EXISTS (SELECT 1 ${there} AND ${compared.sql})`,
        values: [field.key, ...compared.values],
      };
    }
    case 'run':
      return {
        sql: `t.id IN (${tracesOfRun})`,
        values: [String(value), String(value)],
      };
    case 'prompt':
      return {
        sql: 'EXISTS (SELECT 1 FROM trace_prompt v WHERE v.trace = t.id AND v.prompt = ?)',
        values: [String(value)],
      };
    case 'word':
      return wordCondition(comparator, value);
    case 'feedback':
    case 'expectation':
    case 'issue':
      return assessmentCondition(field, comparator, value);
    case 'span':
    case 'spanAttribute':
      throw new Error('Conditions on spans are gathered before.');
    default:
      return assertNever(field);
  }
}

/** The previews first: reading them costs least. */
function wordCondition(comparator: Comparator, value: Comparand): SqlPart {
  const parts = ['t.request_preview', 't.response_preview', 'v.value', 's.content'].map((column) =>
    comparisonSql(column, comparator, value),
  );
  const [request, response, name, content] = parts.map(({ sql }) => sql);
  return {
    sql: `${request} OR ${response}
      OR EXISTS (SELECT 1 FROM trace_tag v WHERE v.trace = t.id AND v.key = 'mlflow.traceName' AND ${name})
      OR EXISTS (SELECT 1 FROM span s WHERE s.trace = t.id AND ${content})`,
    values: parts.flatMap(({ values }) => values),
  };
}

/** Those linked to a run, and those made in it. */
const tracesOfRun = `SELECT trace FROM trace_run WHERE run_id = ?
  UNION SELECT trace FROM trace_metadata WHERE key = 'mlflow.sourceRun' AND value = ?`;

/** How many traces a run and its experiment have; no further than is worth counting. */
export function traceCount(
  db: Database.Database,
  { runId, experiment }: { runId: string; experiment: number },
): { ofRun: number; ofExperiment: number } {
  const count = (sql: string, ...values: (string | number)[]) =>
    db
      .prepare(`SELECT count(*) FROM (${sql} LIMIT 10000)`)
      .pluck()
      .get(...values) as number;
  return {
    ofRun: count(tracesOfRun, runId, runId),
    ofExperiment: count('SELECT 1 FROM trace WHERE experiment = ?', experiment),
  };
}

const not = (comparator: Comparator) => (comparator === 'IS NULL' ? 'NOT ' : '');

function assessmentCondition(
  field: { readonly kind: string; readonly key: string },
  comparator: Comparator,
  value: Comparand,
): SqlPart {
  const there = 'FROM assessment v WHERE v.trace = t.id AND v.kind = ? AND v.name = ?';
  const named = [field.kind, field.key];
  if (field.kind === 'issue') return { sql: `EXISTS (SELECT 1 ${there})`, values: named };
  if (comparator === 'IS NULL' || comparator === 'IS NOT NULL')
    return { sql: `${not(comparator)}EXISTS (SELECT 1 ${there} AND v.is_valid)`, values: named };
  if (typeof value === 'number') {
    const compared = comparisonSql('CAST(v.value AS REAL)', comparator, value);
    return {
      sql: `EXISTS (SELECT 1 ${there} AND v.is_valid AND json_type(v.value) IN ('integer', 'real') AND ${compared.sql})`,
      values: [...named, ...compared.values],
    };
  }
  // A text equals the value itself, or its JSON: 'true' finds the boolean and the word.
  const compared =
    comparator === '=' || comparator === '!='
      ? {
          sql: `${comparator === '=' ? '' : 'NOT '}(v.value = ? OR v.value = ?)`,
          values: [String(value), JSON.stringify(value)],
        }
      : comparisonSql('v.value', comparator, value);
  return {
    sql: `EXISTS (SELECT 1 ${there} AND v.is_valid AND ${compared.sql})`,
    values: [...named, ...compared.values],
  };
}

function spanCondition({ field, comparator, value }: TraceComparison): SqlPart {
  if (field.kind === 'span') return comparisonSql(`s.${field.key}`, comparator, value);
  if (field.kind !== 'spanAttribute') throw new Error('Only conditions on spans come here.');
  // An attribute is a JSON text; a filter means the text inside its quotes.
  const compared = comparisonSql(
    `iif(v.value LIKE '"%' AND json_valid(v.value), json_extract(v.value, '$'), v.value)`,
    comparator,
    value,
  );
  return {
    sql: `EXISTS (SELECT 1 FROM json_each(s.content, '$.attributes') v WHERE v.key = ? AND ${compared.sql})`,
    values: [field.key, ...compared.values],
  };
}

function sortKeys(order: readonly TraceOrder[]): SortKey[] {
  const isOrdered = (key: TraceAttribute) =>
    order.some(({ field }) => field.kind === 'attribute' && field.key === key);
  const keys = order.flatMap(({ field, isDescending }): SortKey[] => {
    const value: SqlPart =
      field.kind === 'attribute'
        ? { sql: attributeColumns[field.key], values: [] }
        : {
            sql: `(SELECT v.value FROM trace_${field.kind} v WHERE v.trace = t.id AND v.key = ?)`,
            values: [field.key],
          };
    // Traces without the value stand last, whatever the direction.
    return [
      { sql: `${value.sql} IS NULL`, values: value.values, isDescending: false },
      { ...value, isDescending },
    ];
  });
  if (!isOrdered('timestamp_ms')) keys.push({ sql: 't.started_at', values: [], isDescending: true });
  if (!isOrdered('request_id')) keys.push({ sql: 't.trace_id', values: [], isDescending: false });
  return keys;
}
