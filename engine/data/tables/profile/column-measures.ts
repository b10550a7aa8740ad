import type { DuckDBConnection } from '@duckdb/node-api';
import { isFloat, isNumeric, rowsOf, type LoadedColumn } from '../load-table.ts';
import type { ProfiledTable } from './profile-table.ts';

const charactersAtMost = 200;

/** What is told of a column over all rows. */
export interface ColumnMeasures {
  /** Cells that hold something, NaN included. */
  readonly filledCount: number;
  /** By a sketch, within a few percent. */
  readonly estimatedDistinct: number;
  readonly nanCount: number;
  /** As text, of what is neither empty nor, of numbers, NaN or infinite. */
  readonly min: string | null;
  readonly max: string | null;
  readonly mean: number | null;
}

/** Counts neighbouring columns in one reading of the table. @param from the place of the first in the table */
export async function columnMeasures(
  db: DuckDBConnection,
  { from: table, sample, isSampled }: ProfiledTable,
  columns: readonly LoadedColumn[],
  from: number,
): Promise<ColumnMeasures[]> {
  if (columns.length === 0) return [];
  // Where a sample says that hardly a value comes twice, the sketch, which costs the most of all, is spared.
  const [repeats = []] = isSampled
    ? await rowsOf(
        db,
        `SELECT ${columns.map((_, at) => `count(DISTINCT c${from + at})::DOUBLE, count(c${from + at})::DOUBLE`).join(', ')} FROM ${sample}`,
      )
    : [];
  const sampledOf = (at: number) => ({
    different: Number(repeats[2 * at] ?? 0),
    filled: Number(repeats[2 * at + 1] ?? 0),
  });
  const isSpared = (at: number) => {
    const { different, filled } = sampledOf(at);
    return filled > 1000 && different > 0.9 * filled;
  };
  const finite = await finiteColumns(db, table, columns);
  const terms = columns.flatMap(({ type, typed }, at) => {
    const own = finite[at] === true ? '' : ` FILTER (isfinite(${typed}))`;
    const text = (term: string) => `left(CAST(${term} AS VARCHAR), ${charactersAtMost})`;
    return [
      `count(c${from + at})::DOUBLE`,
      finite[at] === true ? '0::DOUBLE' : `(count(*) FILTER (isnan(${typed})))::DOUBLE`,
      isSpared(at) ? '-1::DOUBLE' : `approx_count_distinct(c${from + at})::DOUBLE`,
      text(`min(${typed})${own}`),
      text(`max(${typed})${own}`),
      isNumeric(type) ? `avg(CAST(${typed} AS DOUBLE))${own}` : 'NULL',
    ];
  });
  const [row = []] = await rowsOf(db, `SELECT ${terms.join(', ')} FROM ${table}`);
  const width = terms.length / columns.length;
  return columns.map((_, at) => {
    const [filled, nan, distinct, min, max, mean] = row.slice(at * width, (at + 1) * width);
    const filledCount = Number(filled);
    const estimated =
      distinct === -1
        ? differentOf(sampledOf(at).different, sampledOf(at).filled, filledCount)
        : Number(distinct);
    return {
      filledCount,
      estimatedDistinct: Math.min(estimated, filledCount),
      nanCount: Number(nan),
      min: typeof min === 'string' ? min : null,
      max: typeof max === 'string' ? max : null,
      mean: typeof mean === 'number' ? mean : null,
    };
  });
}

/** Which columns hold neither NaN nor infinite values: of most this is told at once, and they need no filter then. */
async function finiteColumns(
  db: DuckDBConnection,
  table: string,
  columns: readonly LoadedColumn[],
): Promise<boolean[]> {
  const floats = columns.flatMap(({ type, typed }, at) => (isFloat(type) ? [{ at, typed }] : []));
  if (floats.length === 0) return columns.map(() => true);
  // A sum with NaN or something infinite is not finite. Extremes would not do: those of Parquet's own statistics know of no NaN.
  const [row = []] = await rowsOf(
    db,
    `SELECT ${floats.map(({ typed }) => `coalesce(isfinite(sum(CAST(${typed} AS DOUBLE))), true)`).join(', ')} FROM ${table}`,
  );
  const found = new Map(floats.map(({ at }, index) => [at, row[index] === true]));
  return columns.map((_, at) => found.get(at) ?? true);
}

/**
 * How many different values a column has of which a sample has hardly any twice: of D equally frequent ones, a sample of s meets about
 * s² / 2D again (the birthday problem).
 */
function differentOf(different: number, sampled: number, filled: number): number {
  const again = sampled - different;
  return again === 0 ? filled : Math.max(different, Math.round(sampled ** 2 / (2 * again)));
}
