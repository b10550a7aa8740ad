import type { DuckDBConnection } from '@duckdb/node-api';
import { rowsOf, type LoadedColumn } from '../load-table.ts';
import type { ProfiledTable } from './profile-table.ts';

/** Values are counted one by one only where there are about so few different ones. */
export const groupedAtMost = 10_000;

/** What the sample says of how many different values a column has. */
export interface SampledDistinct {
  readonly different: number;
  readonly filled: number;
}

/** How the different values of a column are told: one by one, by a sketch of all of them, or from the sample. */
export type DistinctWay = 'grouped' | 'sketched' | 'sampled';

/** Counts the different values of neighbouring columns in the sample. @param from the place of the first in the table */
export async function sampledDistinct(
  db: DuckDBConnection,
  { sample }: ProfiledTable,
  columns: readonly LoadedColumn[],
  from: number,
): Promise<SampledDistinct[]> {
  if (columns.length === 0) return [];
  const terms = columns.map((_, at) => `count(DISTINCT c${from + at})::DOUBLE, count(c${from + at})::DOUBLE`);
  const [row = []] = await rowsOf(db, `SELECT ${terms.join(', ')} FROM ${sample}`);
  return columns.map((_, at) => ({ different: Number(row[2 * at]), filled: Number(row[2 * at + 1]) }));
}

/**
 * Few values that come again and again are the cheapest to group, and then exact. Where hardly one comes twice the sample says enough. What
 * is left is sketched, which costs four times as much as grouping few.
 */
export function distinctWay({ different, filled }: SampledDistinct, isSampled: boolean): DistinctWay {
  const isRepeating = different <= fewValues || (different <= groupedAtMost && different * 2 <= filled);
  if (isRepeating && (filled > 0 || !isSampled)) return 'grouped';
  return !isSampled || (filled > 1000 && different > 0.9 * filled) ? 'sampled' : 'sketched';
}

/** So few values are listed even where each comes once. */
const fewValues = 10;

/** True where it says something which values come most often. */
export const isListed = (distinct: number, filled: number, isFloat: boolean): boolean =>
  distinct <= fewValues || (!isFloat && distinct <= groupedAtMost && distinct * 2 <= filled);

/**
 * How many different values a column has by its sample, where that is not all of it: of D equally frequent ones, a sample of s meets about
 * s² / 2D again (the birthday problem).
 */
export function distinctOf({ different, filled }: SampledDistinct, ofAll: number): number {
  const again = filled - different;
  if (filled >= ofAll) return different;
  return again === 0 ? ofAll : Math.min(ofAll, Math.max(different, Math.round(filled ** 2 / (2 * again))));
}
