import type { TableProfile, TableRows } from '../../../contract/index.ts';
import type { ColumnValues, TableColumns, WantedColumn } from '../../data/index.ts';
import type { Checks } from '../definition/read-checks.ts';
import { Unfit, type HeldOutRows, type PredictedRows, type Words } from './evaluation-task.ts';
import { joinedColumns } from './joined-tables.ts';
import type { HeldOut } from './held-out.ts';

/** A stored table. */
export interface Table {
  readonly objectId: string;
  /** Its ending tells the format. */
  readonly name: string;
}

/** How tables are read; the data room's. */
export interface TableReading {
  columns(table: Table, wanted: readonly WantedColumn[], signal: AbortSignal): Promise<TableColumns>;
  profile(table: Table, signal: AbortSignal): Promise<TableProfile>;
  rowsAt(table: Table, places: readonly number[], signal: AbortSignal): Promise<TableRows>;
}

/** Names that a column may have, the first that is there counts. */
const names = {
  id: ['id', 'row_id', 'row'],
  label: ['label', 'target', 'y_true', 'truth', 'actual'],
  prediction: ['prediction', 'predicted', 'y_pred', 'prediction_label'],
  score: ['score', 'probability', 'proba', 'y_score'],
};
const classScore = /^(?:score|probability|proba)_(.+)$/;

/** What a file says of each row. @throws {Unfit} for one without predictions. */
export async function readPredictions(
  tables: TableReading,
  table: Table,
  {
    whose,
    settings,
    asNumbers,
  }: { whose: string; settings: Pick<Checks['evaluation'], 'id' | 'label'>; asNumbers: boolean },
  signal: AbortSignal,
): Promise<PredictedRows> {
  const { names: there } = await tables.columns(table, [], signal);
  const first = (wanted: readonly (string | null)[]) =>
    wanted.find((name): name is string => name !== null && there.includes(name));
  const id = first([settings.id, ...names.id]);
  const label = first([settings.label, ...names.label]);
  const prediction = first(names.prediction);
  const score = first(names.score);
  if (prediction === undefined)
    throw new Unfit(
      `The predictions of ${whose} have no column \`prediction\`; ${table.name} has: ${there.slice(0, 12).join(', ')}.`,
    );
  const perClass = there.filter((name) => classScore.test(name)).slice(0, 100);
  const as = asNumbers ? ('numbers' as const) : ('words' as const);
  const wanted: WantedColumn[] = [
    { name: prediction, as },
    ...(id === undefined ? [] : [{ name: id, as: 'words' as const }]),
    ...(label === undefined ? [] : [{ name: label, as }]),
    ...[...(score === undefined ? [] : [score]), ...perClass].map((name) => ({
      name,
      as: 'numbers' as const,
    })),
  ];
  const { columns, rowCount } = await tables.columns(table, wanted, signal);
  const valuesOf = (name: string | undefined): ColumnValues | null => {
    const at = wanted.findIndex((column) => column.name === name);
    return at < 0 ? null : (columns[at] ?? null);
  };
  const predictions = valuesOf(prediction);
  if (predictions === null) throw new Unfit(`The predictions of ${whose} could not be read.`);
  return {
    whose,
    rowCount,
    rowCounts: [rowCount],
    ids: wordsOf(valuesOf(id)),
    labels: valuesOf(label),
    predictions,
    scores: numbersOf(valuesOf(score)),
    classScores: perClass.flatMap((name) => {
      const values = numbersOf(valuesOf(name));
      return values === null ? [] : [{ className: classScore.exec(name)?.[1] ?? '', values }];
    }),
  };
}

/** Names and labels of the held-out rows. */
export async function readHeldOut(
  reading: TableReading,
  { name, tables }: HeldOut,
  { settings, asNumbers }: { settings: Pick<Checks['evaluation'], 'id' | 'label'>; asNumbers: boolean },
  signal: AbortSignal,
): Promise<HeldOutRows> {
  const wanted: WantedColumn[] = [
    { name: settings.label, as: asNumbers ? 'numbers' : 'words' },
    ...(settings.id === null ? [] : [{ name: settings.id, as: 'words' as const }]),
  ];
  const { names: there, columns, rowCount, rowCounts } = await joinedColumns(reading, tables, wanted, signal);
  const [labels = null, ids = null] = columns;
  if (labels === null)
    throw new Unfit(
      `The held-out data ${name} has no column "${settings.label}"; it has: ${there.slice(0, 12).join(', ')}.`,
    );
  return { rowCount, rowCounts, ids: wordsOf(ids), labels };
}

/** A column with more values, or more columns than these, are not taken for parts by themselves. */
const valuesAtMost = 12;
const columnsAtMost = 6;

/** The columns whose values are parts of the rows: those that were named, or the first ones with few values. */
export async function readSlices(
  reading: TableReading,
  { name, tables }: Pick<HeldOut, 'name' | 'tables'>,
  { columns, besides }: { columns: readonly string[] | null; besides: readonly (string | null)[] },
  signal: AbortSignal,
): Promise<{ column: string; values: Words }[]> {
  const wanted = columns ?? (await columnsWithFewValues(reading, tables, besides, signal));
  if (wanted.length === 0) return [];
  const found = await joinedColumns(
    reading,
    tables,
    wanted.map((column) => ({ name: column, as: 'words' })),
    signal,
  );
  const slices = wanted.map((column, at) => {
    const values = wordsOf(found.columns[at] ?? null);
    if (values === null)
      throw new Unfit(
        `${name} has no column "${column}" to take parts by; it has: ${found.names.slice(0, 12).join(', ')}.`,
      );
    return { column, values };
  });
  if (columns !== null) return slices;
  return slices
    .filter(({ values: { words } }) => words.length >= 2 && words.length <= valuesAtMost)
    .slice(0, columnsAtMost);
}

/** By the first table; what all of them hold is seen when they are read. */
async function columnsWithFewValues(
  reading: TableReading,
  [table, ...others]: readonly Table[],
  besides: readonly (string | null)[],
  signal: AbortSignal,
): Promise<string[]> {
  if (table === undefined) return [];
  const profile = await reading.profile(table, signal);
  const known = new Set([...besides, ...Object.values(names).flat()]);
  return profile.columns
    .filter(
      ({ name, type, distinctCount }) =>
        !known.has(name) &&
        !classScore.test(name) &&
        !/^(DOUBLE|FLOAT|DECIMAL)/.test(type) &&
        distinctCount >= (others.length > 0 ? 1 : 2) &&
        distinctCount <= valuesAtMost,
    )
    .slice(0, 2 * columnsAtMost)
    .map(({ name }) => name);
}

/** Whether a column of a file of predictions is what was predicted, and no part of the row. */
export const isPredicted = (column: string): boolean =>
  classScore.test(column) || [...names.prediction, ...names.score].includes(column);

const wordsOf = (column: ColumnValues | null): Words | null => (column?.as === 'words' ? column : null);
const numbersOf = (column: ColumnValues | null): Float64Array | null =>
  column?.as === 'numbers' ? column.values : null;
