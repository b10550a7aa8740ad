import { statSync } from 'node:fs';
import type { TableFormat } from '../../../contract/index.ts';
import type { DuckDBConnection } from '@duckdb/node-api';
import { logColumns } from './serving-log.ts';
import { textLayout, type TextLayout } from './text-layout.ts';
import { wholeGzip } from './whole-gzip.ts';

/** A table as a file of the home, written there from a version. */
export interface TableFile {
  readonly path: string;
  readonly format: TableFormat;
  readonly isGzip: boolean;
}

export interface LoadedColumn {
  readonly name: string;
  /** In DuckDB's words. Of text tables the narrowest that every cell of the column fits. */
  readonly type: string;
  /** What reads its cell from the loaded table as that type. */
  readonly typed: string;
}

/** A table to be queried; its columns are c0, c1, … there, so that no name of a file is ever part of a query. */
export interface LoadedTable {
  /** What a query reads it by. */
  readonly from: string;
  readonly columns: readonly LoadedColumn[];
  readonly rowCount: number;
  readonly layout: TextLayout | null;
  /** What a query reads each so-manieth row by. */
  readonly everyNth: (step: number) => string;
}

/** All cells of the first column of an answer's rows, and so on. Counts are asked for as DOUBLE: exact up to 2^53. */
export async function rowsOf(db: DuckDBConnection, sql: string): Promise<unknown[][]> {
  return (await db.runAndReadAll(sql)).getRowsJson();
}

/** Loads a whole file as the temporary table `name`. What does not fit in memory goes to DuckDB's temporary folder. */
export async function loadTable(db: DuckDBConnection, name: string, file: TableFile): Promise<LoadedTable> {
  await db.run(`DROP TABLE IF EXISTS ${name}`);
  if (file.isGzip) await wholeGzip(file.path);
  if (file.format === 'csv') return loadText(db, name, file);
  const inPlace = await tableInPlace(db, file);
  await db.run(`CREATE TEMP TABLE ${name} AS FROM ${inPlace.from}`);
  return { ...inPlace, from: name, everyNth: everyNthOf(name) };
}

/** A table that takes several queries: Parquet stays where it lies, being read by columns; all else is loaded. */
export async function readableTable(
  db: DuckDBConnection,
  name: string,
  file: TableFile,
): Promise<LoadedTable> {
  return file.format === 'parquet' ? tableInPlace(db, file) : loadTable(db, name, file);
}

async function loadText(
  db: DuckDBConnection,
  name: string,
  { path, isGzip }: TableFile,
): Promise<LoadedTable> {
  const layout =
    statSync(path).size === 0
      ? { delimiter: ',', hasHeader: false, names: [] }
      : await textLayout(path, isGzip);
  if (layout.names.length === 0) return { ...emptyTable, layout };
  await db.run(`CREATE TEMP TABLE ${name} AS SELECT * FROM ${textSource({ path, isGzip }, layout)}`);
  const rowCount = await countOf(db, name);
  const types = await textTypes(db, name, layout.names.length);
  return {
    from: name,
    columns: layout.names.map((column, at) => {
      const type = types[at] ?? 'VARCHAR';
      return { name: column, type, typed: typedText(type, `c${at}`) };
    }),
    rowCount,
    layout,
    everyNth: everyNthOf(name),
  };
}

const emptyFrom = '(SELECT 1 LIMIT 0)';
const emptyTable: LoadedTable = {
  from: emptyFrom,
  columns: [],
  rowCount: 0,
  layout: null,
  everyNth: () => emptyFrom,
};

/** Of a table that was loaded. */
export const everyNthOf = (name: string) => (step: number) => `(FROM ${name} WHERE rowid % ${step} = 0)`;

/**
 * What a query reads a text table by, its columns as c0, c1, …. Everything is said, nothing is guessed: the same file is read the same
 * way every time, and what does not fit is an error.
 */
export function textSource({ path, isGzip }: Pick<TableFile, 'path' | 'isGzip'>, layout: TextLayout): string {
  const columns = layout.names.map((_, at) => `'c${at}': 'VARCHAR'`).join(', ');
  return `read_csv(${quoted(path)}, auto_detect=false, columns={${columns}}, header=${layout.hasHeader},
    delim=${quoted(layout.delimiter)}, quote='"', escape='"', compression='${isGzip ? 'gzip' : 'none'}', strict_mode=true,
    null_padding=false)`;
}

/** A file that says itself which columns it has, and of which types. */
async function tableInPlace(db: DuckDBConnection, file: TableFile): Promise<LoadedTable> {
  if (statSync(file.path).size === 0) return emptyTable;
  const { from, columns } = await describedSource(db, file);
  // A cell with parts is compared and counted by its text.
  const selected = columns.map(
    ({ cell, type }, at) => `${isNested(type) ? `CAST(${cell} AS VARCHAR)` : cell} AS c${at}`,
  );
  // Where a column of the file is called like DuckDB's own count of its rows, they are counted anew.
  const isHidden = columns.some(({ name }) => name.toLowerCase() === 'file_row_number');
  return {
    from: `(SELECT ${selected.join(', ')} FROM ${from})`,
    everyNth: (step) =>
      isHidden
        ? `(SELECT ${selected.join(', ')} FROM ${from} QUALIFY row_number() OVER () % ${step} = 0)`
        : `(SELECT ${selected.join(', ')} FROM ${from} WHERE file_row_number % ${step} = 0)`,
    columns: columns.map(({ name, type }, at) => ({ name, type, typed: `c${at}` })),
    rowCount: await countOf(db, from),
    layout: null,
  };
}

/** What a query reads such a file by, and its columns. Of JSON lines every row has its say about the types; a serving log is told by its parts. */
export async function describedSource(
  db: DuckDBConnection,
  { path, format, isGzip }: TableFile,
): Promise<{ from: string; columns: { name: string; type: string; cell: string }[] }> {
  const from =
    format === 'parquet'
      ? `read_parquet(${quoted(path)})`
      : `read_json(${quoted(path)}, format='newline_delimited', records=true, sample_size=-1, compression='${isGzip ? 'gzip' : 'uncompressed'}')`;
  const described = await rowsOf(db, `DESCRIBE SELECT * FROM ${from}`);
  const columns = described.map(([name, type]) => ({
    name: String(name),
    type: String(type),
    cell: identifier(String(name)),
  }));
  return { from, columns: format === 'parquet' ? columns : await logColumns(db, from, columns) };
}

async function countOf(db: DuckDBConnection, name: string): Promise<number> {
  const [[count] = []] = await rowsOf(db, `SELECT count(*)::DOUBLE FROM ${name}`);
  return Number(count);
}

/** From narrow to wide; a column has the first that all its cells fit. */
const narrowFirst = ['BIGINT', 'DOUBLE', 'BOOLEAN', 'DATE', 'TIMESTAMP'] as const;
/** The first rows rule most types out; only what is left is held against every row. */
const firstRows = 1000;

async function textTypes(db: DuckDBConnection, name: string, columnCount: number): Promise<string[]> {
  const all = Array.from({ length: columnCount }, (_, at) => at);
  const left = new Map<number, string[]>(all.map((at) => [at, [...narrowFirst]]));
  const fits = async (from: string, asked: readonly (readonly [at: number, type: string])[]) => {
    if (asked.length === 0) return [];
    const terms = asked.map(([at, type]) => `count(c${at}) = count(${typedText(type, `c${at}`)})`);
    const [row = []] = await rowsOf(db, `SELECT ${terms.join(', ')} FROM ${from}`);
    return asked.filter((_, index) => row[index] === true);
  };
  const some = await fits(
    `(FROM ${name} LIMIT ${firstRows})`,
    all.flatMap((at) => narrowFirst.map((type) => [at, type] as const)),
  );
  for (const at of all)
    left.set(
      at,
      some.filter(([column]) => column === at).map(([, type]) => type),
    );
  const types = all.map(() => 'VARCHAR');
  // A column without a value has no type that could be told.
  const empty = await rowsOf(db, `SELECT ${all.map((at) => `count(c${at}) = 0`).join(', ')} FROM ${name}`);
  for (let open = all.filter((at) => empty[0]?.[at] !== true); open.length > 0;) {
    const asked = open.flatMap((at) => {
      const type = left.get(at)?.shift();
      return type === undefined ? [] : [[at, type] as const];
    });
    const found = await fits(name, asked);
    for (const [at, type] of found) types[at] = type;
    const isDone = new Set(found.map(([at]) => at));
    open = asked.map(([at]) => at).filter((at) => !isDone.has(at));
  }
  return types;
}

/** A cell of text as a type, NULL where it does not fit. Stricter than a plain cast, which rounds '1.5' to a whole number. */
function typedText(type: string, column: string): string {
  switch (type) {
    case 'BIGINT':
      return `CASE WHEN regexp_matches(${column}, '[.eE]') THEN NULL ELSE try_cast(${column} AS BIGINT) END`;
    case 'DOUBLE':
      return `try_cast(${column} AS DOUBLE)`;
    case 'BOOLEAN':
      return `CASE WHEN lower(${column}) IN ('true', 'false') THEN try_cast(${column} AS BOOLEAN) END`;
    case 'DATE':
      return `CASE WHEN length(${column}) = 10 THEN try_cast(${column} AS DATE) END`;
    case 'TIMESTAMP':
      return `CASE WHEN length(${column}) > 10 THEN try_cast(${column} AS TIMESTAMP) END`;
    default:
      return column;
  }
}

const isNested = (type: string): boolean => /\[|^(STRUCT|MAP|UNION|VARIANT|JSON)\b/.test(type);
export const isFloat = (type: string): boolean => /^(FLOAT|DOUBLE|REAL)$/.test(type);
export const isNumeric = (type: string): boolean =>
  isFloat(type) || /^(U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|DECIMAL.*)$/.test(type);
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const identifier = (text: string): string => `"${text.replaceAll('"', '""')}"`;
