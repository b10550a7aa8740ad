import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnProfile, TableProfile } from '../../../../contract/index.ts';
import {
  cramersV,
  orderedNumbers,
  pearsonCorrelation,
  spearmanCorrelation,
} from '../../../statistics/index.ts';
import { everyNthOf, isNumeric, type LoadedColumn } from '../load-table.ts';
import type { ProfiledTable } from './profile-table.ts';

/** Columns of each kind that are held against each other: the first. */
const columnsAtMost = 20;
const rowsAtMost = 20_000;
/** Words and numbers with more different values are no categories here. */
const categoriesAtMost = 50;
const fewNumbers = 10;

/**
 * How columns go together: numbers by Pearson and by Spearman, categories by Cramér's V; over some 20,000 rows, evenly spread. Null where no two
 * columns of a kind are there.
 * @param sampledRows rows of the sample; null where it is the whole table
 */
export async function tableCorrelations(
  db: DuckDBConnection,
  table: ProfiledTable,
  columns: readonly LoadedColumn[],
  profiles: readonly ColumnProfile[],
  sampledRows: number | null,
): Promise<TableProfile['correlations']> {
  const places = columns.flatMap((column, at) => {
    const profile = profiles[at];
    return profile === undefined || profile.distinctCount < 2 ? [] : [{ ...column, at, profile }];
  });
  const isCategory = ({ type, profile: { distinctCount } }: (typeof places)[number]) =>
    distinctCount <= (isNumeric(type) ? fewNumbers : categoriesAtMost) &&
    (isNumeric(type) || /^(VARCHAR|BOOLEAN|ENUM)/.test(type));
  const numbers = places.filter(({ type }) => isNumeric(type)).slice(0, columnsAtMost);
  const categories = places.filter(isCategory).slice(0, columnsAtMost);
  if (numbers.length < 2 && categories.length < 2) return null;
  const cells = [
    ...numbers.map(({ typed }) => `CAST(${typed} AS DOUBLE)`),
    ...categories.map(({ at }) => `CAST(c${at} AS VARCHAR)`),
  ];
  const step = Math.max(1, Math.ceil((sampledRows ?? table.rowCount) / rowsAtMost));
  const from = sampledRows === null ? table.everyNth(step) : everyNthOf(table.sample)(step);
  // By columns, which takes a quarter of the time of rows.
  const read = await db.runAndReadAll(`SELECT ${cells.join(', ')} FROM ${from}`);
  const told = read.getColumns();
  const values = numbers.map((_, at) =>
    Float64Array.from(told[at] ?? [], (value) => (Number.isFinite(value) ? Number(value) : Number.NaN)),
  );
  const codes = categories.map((_, at) => codesOf(told[numbers.length + at] ?? []));
  return {
    rowCount: told[0]?.length ?? 0,
    numbers: {
      columns: numbers.map(({ name }) => name),
      pearson: matrixOf(values, pearsonCorrelation),
      spearman: matrixOf(values.map(orderedNumbers), spearmanCorrelation),
    },
    categories: { columns: categories.map(({ name }) => name), cramersV: matrixOf(codes, cramersV) },
  };
}

/** A value for every two, the same both ways; null where there is none. */
function matrixOf<T>(all: readonly T[], of: (a: T, b: T) => number): (number | null)[][] {
  const matrix = all.map(() => Array<number | null>(all.length).fill(null));
  for (const [at, a] of all.entries())
    for (const [other, b] of all.slice(0, at + 1).entries()) {
      const value = of(a, b);
      const told = Number.isFinite(value) ? value : null;
      const [row, column] = [matrix[at], matrix[other]];
      if (row !== undefined) row[other] = told;
      if (column !== undefined) column[at] = told;
    }
  return matrix;
}

/** The place of each value among those that were met, in the order of the rows; -1 for an empty cell. */
function codesOf(values: readonly unknown[]): Int32Array {
  const places = new Map<unknown, number>();
  return Int32Array.from(values, (value) => {
    if (value === null) return -1;
    const place = places.get(value) ?? places.size;
    places.set(value, place);
    return place;
  });
}
