import type { DuckDBConnection } from '@duckdb/node-api';
import { statSync } from 'node:fs';
import type { TableRows } from '../../../contract/index.ts';
import { describedSource, rowsOf, textSource, type TableFile } from './load-table.ts';
import { textLayout } from './text-layout.ts';

/** Columns that are shown; of wider tables the first. */
const columnsAtMost = 200;
const charactersAtMost = 200;

/** Some rows of a table in the order of the file, as text. Nothing but these and what lies before them is read. */
export async function tableRows(
  db: DuckDBConnection,
  file: TableFile,
  { offset, limit }: { offset: number; limit: number },
): Promise<TableRows> {
  const source = await tableSource(db, file);
  const { shown, cells } = shownOf(source);
  const rows =
    shown.length === 0
      ? []
      : await rowsOf(db, `SELECT ${cells.join(', ')} FROM ${source.from} LIMIT ${limit} OFFSET ${offset}`);
  // Parquet says it in its foot; a text would have to be read to its end.
  const [[count] = []] =
    file.format === 'parquet' && shown.length > 0
      ? await rowsOf(db, `SELECT count(*)::DOUBLE FROM ${source.from}`)
      : [];
  return {
    columns: shown.map(({ name, type }) => ({ name, type })),
    columnCount: source.columns.length,
    rows: rows.map(textsOf),
    rowCount: count === undefined ? null : Number(count),
  };
}

/** The rows at places, counted from 0, in the order of the file; a place at which there is none is left out. Reads the file once. */
export async function tableRowsAt(
  db: DuckDBConnection,
  file: TableFile,
  places: readonly number[],
): Promise<TableRows> {
  const source = await tableSource(db, file);
  const { shown, cells } = shownOf(source);
  const wanted = places.filter(Number.isSafeInteger).join(', ');
  const rows =
    shown.length === 0 || wanted === ''
      ? []
      : await rowsOf(
          db,
          `SELECT ${cells.join(', ')} FROM (SELECT *, row_number() OVER () - 1 AS benchtop_place FROM ${source.from})
           WHERE benchtop_place IN (${wanted}) ORDER BY benchtop_place`,
        );
  return {
    columns: shown.map(({ name, type }) => ({ name, type })),
    columnCount: source.columns.length,
    rows: rows.map(textsOf),
    rowCount: null,
  };
}

function shownOf({ columns }: Source) {
  const shown = columns.slice(0, columnsAtMost);
  return {
    shown,
    cells: shown.map(({ cell }) => `left(CAST(${cell} AS VARCHAR), ${charactersAtMost})`),
  };
}

const textsOf = (row: readonly unknown[]) => row.map((value) => (typeof value === 'string' ? value : null));

interface Source {
  readonly from: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly cell: string }[];
}

/** What a query reads a table by, and its columns. */
export async function tableSource(db: DuckDBConnection, file: TableFile): Promise<Source> {
  if (statSync(file.path).size === 0) return { from: '', columns: [] };
  return file.format === 'csv' ? textColumns(file) : describedSource(db, file);
}

async function textColumns(file: TableFile): Promise<Source> {
  const layout = await textLayout(file.path, file.isGzip);
  return {
    from: textSource(file, layout),
    columns: layout.names.map((name, at) => ({ name, type: 'VARCHAR', cell: `c${at}` })),
  };
}
