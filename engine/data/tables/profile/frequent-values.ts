import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnProfile } from '../../../../contract/index.ts';
import { isFloat, rowsOf } from '../load-table.ts';
import type { ColumnMeasures } from './column-measures.ts';
import type { ProfiledTable } from './profile-table.ts';

const topAtMost = 10;
/** Values are counted one by one only where there are few different ones. */
const distinctAtMost = 10_000;
const charactersAtMost = 200;

/** The values of a column that come most often, and how many different ones there are; neither where hardly one comes twice. */
export async function frequentValues(
  db: DuckDBConnection,
  { from }: ProfiledTable,
  at: number,
  type: string,
  { filledCount, estimatedDistinct }: ColumnMeasures,
): Promise<Pick<ColumnProfile, 'top'> & { readonly distinctCount: number | null }> {
  const isListed =
    estimatedDistinct <= distinctAtMost &&
    (estimatedDistinct <= topAtMost || (!isFloat(type) && estimatedDistinct * 2 <= filledCount));
  if (filledCount === 0) return { top: [], distinctCount: 0 };
  if (!isListed) return { top: [], distinctCount: null };
  const rows = await rowsOf(
    db,
    `SELECT left(CAST(v AS VARCHAR), ${charactersAtMost}), n, (count(*) OVER ())::DOUBLE
     FROM (SELECT c${at} AS v, count(*)::DOUBLE AS n FROM ${from} WHERE c${at} IS NOT NULL GROUP BY c${at})
     ORDER BY n DESC, v LIMIT ${topAtMost}`,
  );
  return {
    top: rows.map(([value, count]) => ({ value: String(value), count: Number(count) })),
    distinctCount: Number(rows[0]?.[2] ?? 0),
  };
}
