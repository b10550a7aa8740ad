import type { DuckDBConnection } from '@duckdb/node-api';
import { isFloat, isNumeric, rowsOf, type LoadedColumn } from '../load-table.ts';
import { distinctOf, type SampledDistinct } from './distinct-values.ts';
import type { ProfiledTable } from './profile-table.ts';

export const charactersAtMost = 200;

/** What is told of a column over all rows. */
export interface ColumnMeasures {
  /** Cells that hold something, NaN included. */
  readonly filledCount: number;
  readonly distinctCount: number;
  readonly isDistinctExact: boolean;
  readonly nanCount: number;
  /** As text, of what is neither empty nor, of numbers, NaN or infinite. */
  readonly min: string | null;
  readonly max: string | null;
  readonly mean: number | null;
}

/** A column whose values are too many to be told one by one. */
export interface MeasuredColumn {
  readonly column: LoadedColumn;
  /** Its place in the table. */
  readonly at: number;
  readonly sampled: SampledDistinct;
  /** Whether a sketch of all its values tells how many are different; else the sample does. */
  readonly isSketched: boolean;
}

/** Sums up columns, all of them in a few readings of the table. */
export async function columnMeasures(
  db: DuckDBConnection,
  { from, isSampled }: ProfiledTable,
  columns: readonly MeasuredColumn[],
): Promise<ColumnMeasures[]> {
  if (columns.length === 0) return [];
  const counted = await rowOf(
    db,
    columns.flatMap(({ column: { type, typed }, at, isSketched }) => [
      `count(c${at})::DOUBLE`,
      isSketched ? `approx_count_distinct(c${at})::DOUBLE` : 'NULL',
      isNumeric(type) ? `avg(CAST(${typed} AS DOUBLE))` : 'NULL',
      ...(isText(type) ? extremesOf(typed) : ['NULL', 'NULL']),
    ]),
    from,
  );
  // A mean with NaN or something infinite in it is not finite. Extremes would not do: those of Parquet's own statistics know of no NaN.
  const isOdd = columns.map(({ column }, at) => isFloat(column.type) && isNotFinite(counted[5 * at + 2]));
  // Those of numbers and times are in Parquet's statistics: where nothing else is asked, nothing is read.
  const others = columns.filter(({ column }) => !isText(column.type));
  const extremes = await rowOf(
    db,
    others.flatMap(({ column }) => extremesOf(column.typed)),
    from,
  );
  const odd = columns.filter((_, at) => isOdd[at]);
  const finite = await rowOf(
    db,
    odd.flatMap(({ column: { typed } }) => {
      const own = ` FILTER (isfinite(${typed}))`;
      return [
        `(count(*) FILTER (isnan(${typed})))::DOUBLE`,
        textOf(`min(${typed})${own}`),
        textOf(`max(${typed})${own}`),
        `avg(CAST(${typed} AS DOUBLE))${own}`,
      ];
    }),
    from,
  );
  return columns.map((each, at) => {
    const [filled, sketched, average, first, last] = counted.slice(5 * at, 5 * at + 5);
    const place = 2 * others.indexOf(each);
    const [least, most] = place < 0 ? [first, last] : extremes.slice(place, place + 2);
    const [nan, min, max, mean] = isOdd[at]
      ? finite.slice(4 * odd.indexOf(each), 4 * odd.indexOf(each) + 4)
      : [0, least, most, average];
    const filledCount = Number(filled);
    return {
      filledCount,
      distinctCount: each.isSketched
        ? Math.min(Number(sketched), filledCount)
        : distinctOf(each.sampled, filledCount),
      isDistinctExact: !isSampled,
      nanCount: Number(nan),
      min: typeof min === 'string' ? min : null,
      max: typeof max === 'string' ? max : null,
      mean: typeof mean === 'number' ? mean : null,
    };
  });
}

const isText = (type: string): boolean => type === 'VARCHAR';
const extremesOf = (typed: string): [string, string] => [textOf(`min(${typed})`), textOf(`max(${typed})`)];
const textOf = (term: string): string => `left(CAST(${term} AS VARCHAR), ${charactersAtMost})`;
const isNotFinite = (value: unknown): boolean => value !== null && !Number.isFinite(value);

async function rowOf(db: DuckDBConnection, terms: readonly string[], from: string): Promise<unknown[]> {
  if (terms.length === 0) return [];
  const [row = []] = await rowsOf(db, `SELECT ${terms.join(', ')} FROM ${from}`);
  return row;
}
