import type { MeasureRule, Run } from '../../../contract/index.ts';
import { differingKeys, equalKeys } from './differing-keys.ts';
import { metricDirection } from '../../../contract/index.ts';
import { shownTags } from './run-tags.ts';

/** A column of the runs table. */
export interface RunColumn {
  /**
   * `status`, `name`, `created`, `duration`, `tags`, `note`, `source`, `experiment`, `params.<name>`, `tags.<name>`,
   * `trend.<metric>`, and of a metric `metrics.<name>` (last value), `best.<name>`, `min.<name>`, `max.<name>`.
   */
  readonly id: string;
  readonly title: string;
  /** Which value of a metric it is, where it is not the last one. */
  readonly what?: 'best' | 'min' | 'max';
  readonly group: 'Run' | 'Metrics' | 'Params' | 'Trend' | 'More';
  readonly widthPx: number;
  readonly isNumber: boolean;
  /** What the store orders by; null for a column that has no order. */
  readonly orderBy: string | null;
  /** Which value of a run's metric the cell shows. */
  readonly metric?: { readonly key: string; readonly of: 'last' | 'min' | 'max' };
}

const fixed = (
  id: string,
  title: string,
  widthPx: number,
  group: RunColumn['group'],
  orderBy: string | null,
): RunColumn => ({ id, title, group, widthPx, isNumber: id === 'duration', orderBy });

const fixedColumns: Record<string, RunColumn> = Object.fromEntries(
  [
    fixed('name', 'Name', 248, 'Run', 'name'),
    fixed('status', 'State', 88, 'Run', 'status'),
    fixed('created', 'Started', 100, 'Run', 'created'),
    fixed('duration', 'Duration', 80, 'Run', 'duration'),
    fixed('tags', 'Tags', 160, 'More', null),
    fixed('note', 'Note', 200, 'More', null),
    fixed('source', 'Recorded by', 100, 'More', null),
    fixed('experiment', 'Experiment', 92, 'More', null),
    fixed('command', 'Command', 240, 'More', null),
    fixed('id', 'Id', 240, 'More', null),
  ].map((column) => [column.id, column]),
);

export const fixedColumnIds = Object.keys(fixedColumns).filter((id) => id !== 'name');

const groupOrder = ['Run', 'Trend', 'Metrics', 'Params', 'More'] as const;

/** The column of an id; null for an id of no known kind (a preference of another version). */
export function columnOf(id: string, runs: readonly Run[]): RunColumn | null {
  const known = fixedColumns[id];
  if (known !== undefined) return known;
  const kind = id.slice(0, id.indexOf('.'));
  const key = id.slice(kind.length + 1);
  if (key === '') return null;
  const title = key;
  const widthPx = Math.min(200, Math.max(84, 28 + key.length * 7));
  switch (kind) {
    case 'metrics': {
      const metric = { key, of: 'last' } as const;
      return { id, title, group: 'Metrics', widthPx, isNumber: true, orderBy: id, metric };
    }
    case 'min':
    case 'max':
    case 'best': {
      const of = kind === 'best' ? bestOf(key) : kind;
      if (of === null) return null;
      const metric = { key, of };
      return {
        id,
        title,
        what: kind,
        group: 'Metrics',
        widthPx: widthPx + 28,
        isNumber: true,
        orderBy: `${of}.${key}`,
        metric,
      };
    }
    case 'trend':
      return { id, title, group: 'Trend', widthPx: 104, isNumber: false, orderBy: null };
    case 'params': {
      const isNumber = runs.every(
        (run) =>
          run.params[key] === undefined || (run.params[key] !== '' && !Number.isNaN(Number(run.params[key]))),
      );
      return { id, title, group: 'Params', widthPx, isNumber, orderBy: id };
    }
    case 'tags':
      return { id, title, group: 'More', widthPx, isNumber: false, orderBy: id };
    default:
      return null;
  }
}

/** The value of a metric that counts as its best; null where its name does not say which way is better. */
export function bestOf(metric: string): 'min' | 'max' | null {
  const direction = metricDirection(metric);
  return direction === null ? null : direction === 'lower' ? 'min' : 'max';
}

/** What a metric's column shows of a run: last, least or greatest value; undefined where the run has none. */
export function metricCell(column: Pick<RunColumn, 'metric'>, run: Run): number | undefined {
  if (column.metric === undefined) return undefined;
  const metric = run.metrics[column.metric.key];
  return metric?.[column.metric.of] ?? undefined;
}

/** A person's choice of columns without those of metrics that the project ignores by now; as it is where there are none. */
export function withoutIgnored<T extends readonly string[] | null>(
  chosen: T,
  rules: readonly MeasureRule[],
): T | string[] {
  const ignored = rules.filter(({ shownName }) => shownName === null).map(({ name }) => name);
  const isIgnored = (id: string) =>
    metricKinds.some((kind) => ignored.some((name) => id === `${kind}.${name}`));
  return chosen?.some(isIgnored) ? chosen.filter((id) => !isIgnored(id)) : chosen;
}

const metricKinds = ['metrics', 'min', 'max', 'best', 'trend'] as const;

export interface ColumnChoice {
  readonly columns: readonly RunColumn[];
  /** Params and metrics that are the same in every run, left out because only what differs is shown. */
  readonly hiddenEqual: readonly string[];
}

/**
 * The columns of the table, name first. Without a choice of the person's: state, start, duration, a trend of the metric that
 * varies most, the three metrics and three params that vary most, tags. With `onlyDiffering`, params and metrics equal in all runs
 * are left out of either. A person's choice keeps the order it is given in.
 */
export function chooseColumns(
  runs: readonly Run[],
  chosen: readonly string[] | null,
  onlyDiffering: boolean,
): ColumnChoice {
  const equal = [
    ...equalKeys(runs, 'metrics').map((key) => `metrics.${key}`),
    ...equalKeys(runs, 'params').map((key) => `params.${key}`),
  ];
  // One run alone differs from nothing; hiding all of it would leave an empty table.
  const isEqualHidden = onlyDiffering && runs.length > 1;
  const ids = (chosen ?? defaultColumnIds(runs)).filter((id) => !(isEqualHidden && equal.includes(id)));
  if (chosen === null && !isEqualHidden) ids.push(...equal.filter((id) => !ids.includes(id)));
  const found = ['name', ...ids.filter((id) => id !== 'name')]
    .map((id) => columnOf(id, runs))
    .filter((column) => column !== null);
  // A person's own order is kept as it is.
  const columns =
    chosen !== null
      ? found
      : found.toSorted((one, other) => groupOrder.indexOf(one.group) - groupOrder.indexOf(other.group));
  return { columns, hiddenEqual: isEqualHidden ? equal : [] };
}

export function defaultColumnIds(runs: readonly Run[]): string[] {
  const metrics = differingKeys(runs, 'metrics').slice(0, 3);
  const params = differingKeys(runs, 'params').slice(0, 3);
  const curve = differingKeys(runs, 'metrics').find((key) =>
    runs.some((run) => (run.metrics[key]?.count ?? 0) > 2),
  );
  return [
    'status',
    'created',
    'duration',
    ...(curve === undefined ? [] : [`trend.${curve}`]),
    ...metrics.map((key) => `metrics.${key}`),
    ...params.map((key) => `params.${key}`),
    ...(runs.some((run) => shownTags(run).length > 0) ? ['tags'] : []),
  ];
}
