import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnProfile, TableProfile } from '../../../contract/index.ts';
import {
  isFloat,
  isNumeric,
  loadTable,
  rowsOf,
  type LoadedColumn,
  type LoadedTable,
  type TableFile,
} from './load-table.ts';

/** More columns than this are counted, not summed up. */
const columnsAtMost = 500;
const columnsPerQuery = 50;
const topAtMost = 10;
/** Values are listed by how often they come only where there are few different ones. */
const distinctAtMost = 10_000;
const charactersAtMost = 200;

/** Sums a table up: rows and empty cells exactly, distinct values and quantiles estimated. */
export async function profileTable(db: DuckDBConnection, file: TableFile): Promise<TableProfile> {
  const table = await loadTable(db, 't', file);
  const columns: ColumnProfile[] = [];
  for (let from = 0; from < Math.min(columnsAtMost, table.columns.length); from += columnsPerQuery)
    columns.push(...(await profileColumns(db, table, from)));
  await db.run('DROP TABLE IF EXISTS t');
  return {
    format: file.format,
    rowCount: table.rowCount,
    columnCount: table.columns.length,
    columns,
    layout:
      table.layout === null ? null : { delimiter: table.layout.delimiter, hasHeader: table.layout.hasHeader },
  };
}

async function profileColumns(
  db: DuckDBConnection,
  { columns, rowCount }: LoadedTable,
  from: number,
): Promise<ColumnProfile[]> {
  const some = columns.slice(from, Math.min(from + columnsPerQuery, columnsAtMost));
  const [row = []] = await rowsOf(
    db,
    `SELECT ${some.map((column, at) => measuresOf(column, from + at).join(', ')).join(', ')} FROM t`,
  );
  const width = some[0] === undefined ? 0 : measuresOf(some[0], from).length;
  const profiles: ColumnProfile[] = [];
  for (const [at, { name, type }] of some.entries()) {
    const [filled, nan, distinct, min, max, mean, quantiles] = row.slice(at * width, (at + 1) * width);
    const distinctCount = Math.min(Number(distinct), Number(filled));
    const isListed =
      distinctCount <= distinctAtMost &&
      (isFloat(type)
        ? distinctCount <= topAtMost
        : distinctCount * 2 <= Number(filled) || distinctCount <= topAtMost);
    profiles.push({
      name,
      type,
      nullCount: rowCount - Number(filled),
      nanCount: Number(nan),
      distinctCount,
      min: textOf(min),
      max: textOf(max),
      mean: typeof mean === 'number' ? mean : null,
      quantiles:
        Array.isArray(quantiles) && quantiles.every((value) => typeof value === 'number') ? quantiles : null,
      top: isListed ? await topOf(db, from + at) : [],
    });
  }
  return profiles;
}

/** What is asked of one column; always as many terms. */
function measuresOf({ type, typed }: LoadedColumn, at: number): string[] {
  const isNumber = isNumeric(type);
  const finite = isFloat(type) ? ` FILTER (isfinite(${typed}))` : '';
  const text = (term: string) => `left(CAST(${term} AS VARCHAR), ${charactersAtMost})`;
  return [
    `count(c${at})::DOUBLE`,
    isFloat(type) ? `(count(*) FILTER (isnan(${typed})))::DOUBLE` : '0::DOUBLE',
    `approx_count_distinct(c${at})::DOUBLE`,
    text(`min(${typed})${finite}`),
    text(`max(${typed})${finite}`),
    isNumber ? `avg(CAST(${typed} AS DOUBLE))${finite}` : 'NULL',
    isNumber ? `approx_quantile(CAST(${typed} AS DOUBLE), [0.05, 0.25, 0.5, 0.75, 0.95])${finite}` : 'NULL',
  ];
}

async function topOf(db: DuckDBConnection, at: number): Promise<ColumnProfile['top']> {
  const rows = await rowsOf(
    db,
    `SELECT left(CAST(c${at} AS VARCHAR), ${charactersAtMost}), count(*)::DOUBLE AS n FROM t
     WHERE c${at} IS NOT NULL GROUP BY c${at} ORDER BY n DESC, c${at} LIMIT ${topAtMost}`,
  );
  return rows.map(([value, count]) => ({ value: String(value), count: Number(count) }));
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
