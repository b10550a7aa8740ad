import { metricDirection, runningMs, type Run } from '../../../contract/index.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatNumber } from '../../ui/format-number.ts';
import { shownTags } from './run-tags.ts';
import { isSystemSeries } from './system-series.ts';

export interface ComparedCell {
  /** Null where the run has none. */
  readonly text: string | null;
  /** The value in full, for pointing at it. */
  readonly whole: string;
  readonly isSame: boolean;
  /** The way from the first run's value, where both are numbers. */
  readonly delta: string | null;
  /** Null where nobody knows which way is better. */
  readonly isBetter: boolean | null;
  readonly isBest: boolean;
}

export interface ComparedRow {
  readonly name: string;
  readonly isNumber: boolean;
  readonly differs: boolean;
  readonly cells: readonly ComparedCell[];
}

export interface ComparedSection {
  readonly name: string;
  readonly rows: readonly ComparedRow[];
}

/** What the runs were given and what came of it, row by row against the first of them, ordered by likely cause. */
export function compareRuns(runs: readonly Run[]): ComparedSection[] {
  return [
    {
      name: 'Run',
      rows: [
        textRow(
          'command',
          runs.map((run) => (run.command.length === 0 ? undefined : run.command.join(' '))),
        ),
        textRow(
          'folder',
          runs.map((run) => run.workingFolder ?? undefined),
        ),
        textRow(
          'ending',
          runs.map((run) => run.ending ?? undefined),
        ),
        durationRow(runs),
        textRow(
          'note',
          runs.map((run) => (run.note === '' ? undefined : run.note)),
        ),
      ].filter((row) => row.cells.some((cell) => cell.text !== null)),
    },
    { name: 'Params', rows: rowsOf(runs, (run) => run.params, textRow) },
    {
      name: 'Metrics, last value',
      rows: rowsOf(
        runs,
        (run) =>
          Object.fromEntries(
            Object.entries(run.metrics)
              .filter(([key]) => !isSystemSeries(key))
              .map(([key, { last }]) => [key, last]),
          ),
        metricRow,
      ),
    },
    { name: 'Tags', rows: rowsOf(runs, (run) => Object.fromEntries(shownTags(run)), textRow) },
    {
      name: 'Use of the machine, last value',
      rows: rowsOf(
        runs,
        (run) =>
          Object.fromEntries(
            Object.entries(run.metrics)
              .filter(([key]) => isSystemSeries(key))
              .map(([key, { last }]) => [key, last]),
          ),
        metricRow,
      ),
    },
  ];
}

function rowsOf<T>(
  runs: readonly Run[],
  valuesOf: (run: Run) => Readonly<Record<string, T>>,
  row: (name: string, values: readonly (T | undefined)[]) => ComparedRow,
): ComparedRow[] {
  const all = runs.map((run) => new Map(Object.entries(valuesOf(run))));
  const names = [...new Set(all.flatMap((values) => [...values.keys()]))].toSorted((one, other) =>
    one.localeCompare(other),
  );
  return names.map((name) =>
    row(
      name,
      all.map((values) => values.get(name)),
    ),
  );
}

function textRow(name: string, values: readonly (string | undefined)[]): ComparedRow {
  const [first] = values;
  const isNumber = values.every(
    (value) => value === undefined || (value !== '' && Number.isFinite(Number(value))),
  );
  return {
    name,
    isNumber,
    differs: values.some((value) => value !== first),
    cells: values.map((value) => ({
      text: value ?? null,
      whole: value ?? '',
      isSame: value === first,
      delta: null,
      isBetter: null,
      isBest: false,
    })),
  };
}

function metricRow(name: string, values: readonly (number | undefined)[]): ComparedRow {
  const [first] = values;
  const direction = metricDirection(name);
  const finite = values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  const best =
    direction === null || finite.length < 2
      ? undefined
      : direction === 'lower'
        ? Math.min(...finite)
        : Math.max(...finite);
  const differs = values.some((value) => !Object.is(value, first));
  return {
    name,
    isNumber: true,
    differs,
    cells: values.map((value, at) => {
      const change = value === undefined || first === undefined || at === 0 ? Number.NaN : value - first;
      const isTold = Number.isFinite(change) && change !== 0;
      return {
        text: value === undefined ? null : formatNumber(value),
        whole: String(value ?? ''),
        isSame: Object.is(value, first),
        delta: isTold ? `${change > 0 ? '+' : ''}${formatNumber(change)}` : null,
        isBetter: isTold && direction !== null ? change < 0 === (direction === 'lower') : null,
        isBest: differs && best !== undefined && value === best,
      };
    }),
  };
}

function durationRow(runs: readonly Run[]): ComparedRow {
  const lasted = runs.map((run) =>
    run.endedAt === null ? undefined : (runningMs(run, run.endedAt) ?? undefined),
  );
  const row = textRow(
    'duration',
    lasted.map((ms) => (ms === undefined ? undefined : formatDuration(ms))),
  );
  return { ...row, isNumber: true };
}
