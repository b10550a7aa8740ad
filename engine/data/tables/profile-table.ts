import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnProfile, TableProfile } from '../../../contract/index.ts';
import {
  isFloat,
  isNumeric,
  readableTable,
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
  const table = await readableTable(db, 't', file);
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
  { columns, rowCount, layout, from: table }: LoadedTable,
  from: number,
): Promise<ColumnProfile[]> {
  const some = columns.slice(from, Math.min(from + columnsPerQuery, columnsAtMost));
  const [row = []] = await rowsOf(
    db,
    `SELECT ${some.map((column, at) => measuresOf(column, from + at).join(', ')).join(', ')} FROM ${table}`,
  );
  const isText = layout !== null;
  const width = some[0] === undefined ? 0 : measuresOf(some[0], from).length;
  const cellsOf = (at: number) => row.slice(at * width, (at + 1) * width);
  const histograms = await histogramsOf(
    db,
    table,
    some.map(({ typed }, at) => ({ typed, ends: cellsOf(at).slice(-2) })),
  );
  const profiles: ColumnProfile[] = [];
  for (const [at, { name, type }] of some.entries()) {
    const [filled, nan, distinct, min, max, mean, quantiles, shortest, meanLength, longest] = cellsOf(at);
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
      rule: ruleOf(type, Number(filled), isText),
      histogram: histograms[at] ?? null,
      lengths:
        typeof shortest === 'number' && typeof meanLength === 'number' && typeof longest === 'number'
          ? { min: shortest, mean: meanLength, max: longest }
          : null,
      top: isListed ? await topOf(db, table, from + at) : [],
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
    ...(type === 'VARCHAR'
      ? [`min(length(c${at}))::DOUBLE`, `avg(length(c${at}))`, `max(length(c${at}))::DOUBLE`]
      : ['NULL', 'NULL', 'NULL']),
    isNumber ? `min(CAST(${typed} AS DOUBLE))${finite}` : 'NULL',
    isNumber ? `max(CAST(${typed} AS DOUBLE))${finite}` : 'NULL',
  ];
}

/** How the type of a column was told. */
function ruleOf(type: string, filled: number, isText: boolean): string {
  if (filled === 0) return 'every cell is empty';
  if (!isText) return 'the file says so';
  return type === 'VARCHAR'
    ? 'a cell fits no narrower type'
    : `the narrowest type that every one of ${filled} cells fits`;
}

const histogramParts = 20;

/** One query for all columns; the ends are known from the one before. */
async function histogramsOf(
  db: DuckDBConnection,
  table: string,
  columns: readonly { typed: string; ends: readonly unknown[] }[],
): Promise<ColumnProfile['histogram'][]> {
  const asked = columns.map(({ typed, ends: [low, high] }) => {
    if (typeof low !== 'number' || typeof high !== 'number') return null;
    const width = (high - low) / histogramParts;
    const edges = Array.from({ length: histogramParts }, (_, part) => low + part * width);
    // Of an enormous range, or one of a few digits only, the ends do not differ.
    return Number.isFinite(width) &&
      edges.every((edge, part) => part === 0 || edge > (edges[part - 1] ?? edge)) &&
      high > (edges.at(-1) ?? high)
      ? { typed, edges: [...edges, high] }
      : null;
  });
  const terms = asked.flatMap((each) => {
    if (each === null) return [];
    const value = `CAST(${each.typed} AS DOUBLE)`;
    const uppers = each.edges.slice(1).map((edge) => `${edge}::DOUBLE`);
    return [`map_values(histogram(${value}, [${uppers.join(', ')}]) FILTER (isfinite(${value})))`];
  });
  const [found = []] = terms.length === 0 ? [] : await rowsOf(db, `SELECT ${terms.join(', ')} FROM ${table}`);
  let next = 0;
  return asked.map((each) => {
    if (each === null) return null;
    const counts = found[next++];
    return Array.isArray(counts) ? { edges: each.edges, counts: counts.map(Number) } : null;
  });
}

async function topOf(db: DuckDBConnection, table: string, at: number): Promise<ColumnProfile['top']> {
  const rows = await rowsOf(
    db,
    `SELECT left(CAST(c${at} AS VARCHAR), ${charactersAtMost}), count(*)::DOUBLE AS n FROM ${table}
     WHERE c${at} IS NOT NULL GROUP BY c${at} ORDER BY n DESC, c${at} LIMIT ${topAtMost}`,
  );
  return rows.map(([value, count]) => ({ value: String(value), count: Number(count) }));
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
