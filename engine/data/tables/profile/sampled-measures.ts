import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnProfile } from '../../../../contract/index.ts';
import { isFloat, isNumeric, rowsOf, type LoadedColumn } from '../load-table.ts';
import type { ColumnMeasures } from './column-measures.ts';
import type { ProfiledTable } from './profile-table.ts';

/** What is told of a column over the sample. */
export type SampledMeasures = Pick<ColumnProfile, 'quantiles' | 'histogram' | 'lengths' | 'mixed'>;

const histogramParts = 20;

/** False for what is neither a number nor a time: to try and fail takes twenty times as long as to look at how a text begins. */
const mayBeNumber = (cell: string): string =>
  `(ascii(${cell}) < 58 OR lower(${cell}) IN ('inf', 'infinity', 'nan', 'epoch'))`;

/** Ranks and measures neighbouring columns in one reading of the sample. @param from the place of the first in the table */
export async function sampledMeasures(
  db: DuckDBConnection,
  { sample }: ProfiledTable,
  columns: readonly LoadedColumn[],
  from: number,
  measures: readonly ColumnMeasures[],
): Promise<SampledMeasures[]> {
  if (columns.length === 0) return [];
  const edges = columns.map(({ type }, at) => (isNumeric(type) ? edgesOf(measures[at]) : null));
  const terms = columns.flatMap(({ type, typed }, at) => {
    const value = `CAST(${typed} AS DOUBLE)`;
    const finite = isFloat(type) ? ` FILTER (isfinite(${typed}))` : '';
    const uppers = edges[at]?.slice(1).map((edge) => `${edge}::DOUBLE`);
    const cell = `c${from + at}`;
    const holds = (as: string) =>
      `count(try_cast(CASE WHEN ${mayBeNumber(cell)} THEN ${cell} END AS ${as}))::DOUBLE`;
    return [
      isNumeric(type) ? `quantile_cont(${value}, [0.05, 0.25, 0.5, 0.75, 0.95])${finite}` : 'NULL',
      uppers === undefined ? 'NULL' : `map_values(histogram(${value}, [${uppers.join(', ')}])${finite})`,
      ...(type === 'VARCHAR'
        ? [
            `min(length(${cell}))::DOUBLE`,
            `avg(length(${cell}))`,
            `max(length(${cell}))::DOUBLE`,
            `count(${cell})::DOUBLE`,
            holds('DOUBLE'),
            holds('TIMESTAMP'),
          ]
        : Array<string>(6).fill('NULL')),
    ];
  });
  const [row = []] = await rowsOf(db, `SELECT ${terms.join(', ')} FROM ${sample}`);
  const width = terms.length / columns.length;
  return columns.map((_, at) => {
    const [quantiles, counts, min, mean, max, filled, numbers, times] = row.slice(
      at * width,
      (at + 1) * width,
    );
    return {
      quantiles:
        Array.isArray(quantiles) && quantiles.every((value) => typeof value === 'number') ? quantiles : null,
      histogram: Array.isArray(counts)
        ? { edges: edges[at] ?? [], counts: counts.slice(0, histogramParts).map(Number) }
        : null,
      lengths:
        typeof min === 'number' && typeof mean === 'number' && typeof max === 'number'
          ? { min, mean, max }
          : null,
      mixed: mixedOf(Number(filled), Number(numbers), Number(times)),
    };
  });
}

/** The ends of parts of equal width; null where all values are the same, or where the ends of parts would be. */
function edgesOf(measures: ColumnMeasures | undefined): number[] | null {
  const [low, high] = [Number(measures?.min ?? Number.NaN), Number(measures?.max ?? Number.NaN)];
  const width = (high - low) / histogramParts;
  const edges = Array.from({ length: histogramParts }, (_, part) => low + part * width);
  return Number.isFinite(width) &&
    edges.every((edge, part) => part === 0 || edge > (edges[part - 1] ?? edge)) &&
    high > (edges.at(-1) ?? high)
    ? [...edges, high]
    : null;
}

/** The shares of cells of text that read as numbers and as times, where some do and some do not. */
function mixedOf(filled: number, numbers: number, times: number): ColumnProfile['mixed'] {
  const isSome = (count: number) => count > 0 && count < filled;
  return isSome(numbers) || isSome(times) ? { numbers: numbers / filled, times: times / filled } : null;
}
