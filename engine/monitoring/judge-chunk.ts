import {
  probabilityColumnsOf,
  type ChunkPerformance,
  type DriftColumn,
  type DriftReport,
  type ErrorShape,
  type JudgedChunk,
  type MonitorAlarm,
  type MonitorPanel,
  type MonitorSettings,
} from '../../contract/index.ts';
import { kindOf } from '../data/index.ts';
import { graverFirst } from './gravity.ts';
import { judgePerformance } from './judge-performance.ts';

/** Of probabilities adjusted over the columns of a chunk, as the verdict has it. */
const falseAlarms = 0.05;

export interface JudgedColumn {
  readonly panel: Exclude<MonitorPanel, 'software'>;
  readonly isAlarm: boolean;
  readonly column: DriftColumn;
}

/** What is known of a chunk beside its place and time. */
export type ChunkFacts = Omit<JudgedChunk, 'id' | 'key' | 'judgedAt' | 'verdict' | 'label' | 'elapsedMs'>;

/** What a report on a chunk comes to: which of its columns alarm, and whether it has what the reference has. */
export function judgeChunk(
  report: DriftReport,
  found: ChunkPerformance | ErrorShape | null,
  settings: Pick<MonitorSettings, 'prediction' | 'performance' | 'leastMoved'>,
): { verdict: JudgedChunk['verdict']; facts: ChunkFacts; columns: JudgedColumn[] } {
  const outputs = new Set(outputColumns(settings));
  const columns = report.columns.map((column): JudgedColumn => ({
    panel: outputs.has(column.name) ? 'output' : 'input',
    isAlarm: isAlarm(column, settings.leastMoved),
    column,
  }));
  const retyped = report.columns.filter(isRetyped);
  const emptied = report.columns.filter(isEmptied);
  const broken = (column: string | null, about: string): MonitorAlarm => ({
    panel: 'software',
    column,
    severity: 'broken',
    about,
    moved: null,
  });
  const drifted = columns
    .filter((each) => each.isAlarm)
    .map(({ panel, column: { name, about, effect } }): MonitorAlarm => ({
      panel,
      column: name,
      severity: effect === null || effect.size === 'negligible' ? 'small' : effect.size,
      about,
      moved: effect?.moved ?? null,
    }));
  const worth =
    found === null || 'code' in found
      ? null
      : judgePerformance(
          found,
          drifted.filter(({ panel }) => panel === 'input'),
        );
  const alarms = [
    ...(found !== null && 'code' in found ? [broken(null, found.what)] : []),
    ...(worth?.alarm ? [worth.alarm] : []),
    ...report.removed.map((name) => broken(name, 'the column is missing')),
    ...retyped.map((column) => broken(column.name, retypedText(column))),
    ...emptied.map(({ name }) => broken(name, 'every cell is empty')),
    ...drifted,
  ].toSorted(graverFirst);
  const compared = report.columns.filter(({ kind }) => kind !== 'none');
  const cells = compared.reduce((sum, { current }) => sum + current.rowCount, 0);
  const missing = compared.reduce((sum, { current }) => sum + current.missingCount, 0);
  const countOf = (panel: JudgedColumn['panel']) => {
    const own = columns.filter((each) => each.panel === panel && each.column.kind !== 'none');
    return { columns: own.length, alarms: own.filter((each) => each.isAlarm).length };
  };
  return {
    verdict: alarms.length > 0 ? 'alarm' : report.verdict === 'not-enough-data' ? 'not-enough-data' : 'quiet',
    facts: {
      alarms,
      rowCount: report.current.rowCount,
      missingShare: cells === 0 ? null : missing / cells,
      removed: report.removed,
      added: report.added,
      retyped: retyped.map((column) => `${column.name}: ${retypedText(column)}`),
      error: null,
      performance: worth?.performance ?? null,
      counts: { input: countOf('input'), output: countOf('output') },
    },
    columns,
  };
}

/** Columns that hold what a model said. */
const outputColumns = ({
  prediction,
  performance,
}: Pick<MonitorSettings, 'prediction' | 'performance'>): string[] => [
  ...(prediction === null ? [] : [prediction]),
  ...(performance === null ? [] : probabilityColumnsOf(performance)),
];

/** What is said of a chunk that could not be read. */
export const failedChunk = (error: string): ChunkFacts => ({
  alarms: [{ panel: 'software', column: null, severity: 'broken', about: error, moved: null }],
  rowCount: null,
  missingShare: null,
  removed: [],
  added: [],
  retyped: [],
  error,
  performance: null,
  counts: { input: { columns: 0, alarms: 0 }, output: { columns: 0, alarms: 0 } },
});

const isAlarm = ({ verdict, test, effect }: DriftColumn, leastMoved: number | null): boolean =>
  leastMoved === null
    ? verdict === 'drift'
    : test !== null && effect !== null && test.adjustedP <= falseAlarms && effect.beyond >= leastMoved;

const hasValues = ({ rowCount, missingCount }: DriftColumn['current']) => missingCount < rowCount;

const isEmptied = ({ reference, current }: DriftColumn): boolean =>
  current.rowCount > 0 && hasValues(reference) && !hasValues(current);

const isRetyped = ({ reference, current }: DriftColumn): boolean =>
  hasValues(reference) && hasValues(current) && kindOf(reference.type) !== kindOf(current.type);

const retypedText = ({ reference, current }: DriftColumn): string =>
  `it holds ${kindOf(current.type)} and held ${kindOf(reference.type)}`;
