import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnProfile } from '../../../../contract/index.ts';
import { rowsOf } from '../load-table.ts';

/** 110 years; of more days than this nothing is told. */
const daysAtMost = 40_000;

/** On which days the times of a column lie; null where there are none, or too many. @param typed what reads a cell as a time */
export async function dayCounts(
  db: DuckDBConnection,
  table: string,
  typed: string,
): Promise<ColumnProfile['days']> {
  const rows = await rowsOf(
    db,
    `SELECT date_diff('day', DATE '1970-01-01', d)::DOUBLE, n FROM
       (SELECT CAST(${typed} AS DATE) AS d, count(*)::DOUBLE AS n FROM ${table}
        WHERE ${typed} IS NOT NULL AND isfinite(${typed}) GROUP BY d LIMIT ${daysAtMost + 1}) ORDER BY d`,
  );
  const days = rows.map(([day, count]) => ({ day: Number(day), count: Number(count) }));
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || days.length > daysAtMost) return null;
  const byWeekday = Array<number>(7).fill(0);
  const byMonth = Array<number>(12).fill(0);
  let longest = { from: first.day, days: 0 };
  for (const [at, { day, count }] of days.entries()) {
    // The first of January 1970 was a Thursday.
    const weekday = (((day + 3) % 7) + 7) % 7;
    byWeekday[weekday] = (byWeekday[weekday] ?? 0) + count;
    const month = new Date(day * 86_400_000).getUTCMonth();
    byMonth[month] = (byMonth[month] ?? 0) + count;
    const before = days[at - 1]?.day ?? day;
    if (day - before - 1 > longest.days) longest = { from: before + 1, days: day - before - 1 };
  }
  const spanDays = last.day - first.day + 1;
  return {
    spanDays,
    withoutRows: spanDays - days.length,
    longestGap: longest.days === 0 ? null : { from: dateText(longest.from), days: longest.days },
    byWeekday,
    byMonth,
  };
}

const dateText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
