import type { Run } from '../../../contract/index.ts';
import { differingKeys, equalKeys } from './differing-keys.ts';

/** A column of the runs table. `id` is also what the store orders by. */
export interface RunColumn {
  /** `status`, `name`, `created`, `duration`, `tags`, `note`, `params.<name>`, `metrics.<name>`, `trend.<metric>`. */
  readonly id: string;
  readonly title: string;
  readonly group: 'Run' | 'Metrics' | 'Params' | 'Trend' | 'More';
  readonly widthPx: number;
  readonly isNumber: boolean;
  readonly isSortable: boolean;
}

const fixedColumns: Record<string, RunColumn> = {
  name: { id: 'name', title: 'Name', group: 'Run', widthPx: 248, isNumber: false, isSortable: true },
  status: { id: 'status', title: 'State', group: 'Run', widthPx: 88, isNumber: false, isSortable: true },
  created: { id: 'created', title: 'Started', group: 'Run', widthPx: 100, isNumber: false, isSortable: true },
  duration: {
    id: 'duration',
    title: 'Duration',
    group: 'Run',
    widthPx: 80,
    isNumber: true,
    isSortable: true,
  },
  tags: { id: 'tags', title: 'Tags', group: 'More', widthPx: 160, isNumber: false, isSortable: false },
  note: { id: 'note', title: 'Note', group: 'More', widthPx: 200, isNumber: false, isSortable: false },
};

export const fixedColumnIds = Object.keys(fixedColumns).filter((id) => id !== 'name');

const groupOrder = ['Run', 'Trend', 'Metrics', 'Params', 'More'] as const;

/** The column of an id; null for an id of no known kind (a preference of another version). */
export function columnOf(id: string, runs: readonly Run[]): RunColumn | null {
  const fixed = fixedColumns[id];
  if (fixed !== undefined) return fixed;
  const kind = id.slice(0, id.indexOf('.'));
  const key = id.slice(kind.length + 1);
  const title = key;
  const widthPx = Math.min(200, Math.max(84, 28 + key.length * 7));
  switch (kind) {
    case 'metrics':
      return { id, title, group: 'Metrics', widthPx, isNumber: true, isSortable: true };
    case 'trend':
      return { id, title, group: 'Trend', widthPx: 104, isNumber: false, isSortable: false };
    case 'params': {
      const isNumber = runs.every(
        (run) =>
          run.params[key] === undefined || (run.params[key] !== '' && !Number.isNaN(Number(run.params[key]))),
      );
      return { id, title, group: 'Params', widthPx, isNumber, isSortable: true };
    }
    case 'tags':
      return { id, title, group: 'More', widthPx, isNumber: false, isSortable: true };
    default:
      return null;
  }
}

export interface ColumnChoice {
  readonly columns: readonly RunColumn[];
  /** Params and metrics that are the same in every run, left out because only what differs is shown. */
  readonly hiddenEqual: readonly string[];
}

/**
 * The columns of the table, name first. Without a choice of the person's: state, start, duration, a trend of the metric that
 * varies most, the three metrics and three params that vary most, tags. With `onlyDiffering`, params and metrics equal in all runs
 * are left out of either.
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
  const columns = ['name', ...ids.filter((id) => id !== 'name')]
    .map((id) => columnOf(id, runs))
    .filter((column) => column !== null)
    .toSorted((one, other) => groupOrder.indexOf(one.group) - groupOrder.indexOf(other.group));
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

/** Tags a person set; those that a client sets for itself (`mlflow.…`) are for the run's page. */
export function shownTags(run: Run): [key: string, value: string][] {
  return Object.entries(run.tags).filter(
    ([key]) => !key.startsWith('mlflow.') && !key.startsWith('benchtop.'),
  );
}
