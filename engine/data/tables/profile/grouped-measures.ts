import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnProfile } from '../../../../contract/index.ts';
import { isFloat, isNumeric, rowsOf, type LoadedColumn } from '../load-table.ts';
import { isListed } from './distinct-values.ts';
import { charactersAtMost, type ColumnMeasures } from './column-measures.ts';
import type { ProfiledTable } from './profile-table.ts';

const topAtMost = 10;

/**
 * Sums up a column by its different values, of which there are few: all that is told over all rows then follows from how often each comes,
 * and the table is read once.
 * @param at the place of the column in the table
 */
export async function groupedMeasures(
  db: DuckDBConnection,
  { from }: ProfiledTable,
  { type, typed }: LoadedColumn,
  at: number,
): Promise<ColumnMeasures & Pick<ColumnProfile, 'top'>> {
  const cell = `c${at}`;
  try {
    await db.run(
      `CREATE OR REPLACE TEMP TABLE g AS SELECT ${cell}, count(*)::DOUBLE AS n FROM ${from} WHERE ${cell} IS NOT NULL GROUP BY ${cell}`,
    );
    const finite = isFloat(type) ? ` FILTER (isfinite(${typed}))` : '';
    const text = (term: string) => `left(CAST(${term} AS VARCHAR), ${charactersAtMost})`;
    const [[distinct, filled, nan, min, max, mean] = []] = await rowsOf(
      db,
      `SELECT count(*)::DOUBLE, coalesce(sum(n), 0)::DOUBLE,
         ${isFloat(type) ? `coalesce(sum(n) FILTER (isnan(${typed})), 0)::DOUBLE` : '0::DOUBLE'},
         ${text(`min(${typed})${finite}`)}, ${text(`max(${typed})${finite}`)},
         ${isNumeric(type) ? `(sum(CAST(${typed} AS DOUBLE) * n)${finite}) / (sum(n)${finite})` : 'NULL'} FROM g`,
    );
    const [distinctCount, filledCount] = [Number(distinct), Number(filled)];
    const top = isListed(distinctCount, filledCount, isFloat(type))
      ? await rowsOf(db, `SELECT ${text(cell)}, n FROM g ORDER BY n DESC, ${cell} LIMIT ${topAtMost}`)
      : [];
    return {
      filledCount,
      distinctCount,
      isDistinctExact: true,
      nanCount: Number(nan),
      min: typeof min === 'string' ? min : null,
      max: typeof max === 'string' ? max : null,
      mean: typeof mean === 'number' ? mean : null,
      top: top.map(([value, count]) => ({ value: String(value), count: Number(count) })),
    };
  } finally {
    await db.run('DROP TABLE IF EXISTS g');
  }
}
