import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError, type SqlResult } from '../../../contract/index.ts';
import { identifier, isNumeric, readableTable, type TableFile } from './load-table.ts';

/**
 * Answers one SELECT over a table, which is called `t` and has its columns by their names and types. What a query could write is refused,
 * and no other file can be read by it.
 * @throws {BenchtopError} `invalid-input` with what DuckDB says of the query.
 */
export async function tableQuery(
  db: DuckDBConnection,
  { file, query, limit }: { readonly file: TableFile; readonly query: string; readonly limit: number },
): Promise<SqlResult> {
  const start = performance.now();
  const loaded = await readableTable(db, 'q', file);
  if (loaded.columns.length === 0)
    throw new BenchtopError({ code: 'invalid-input', what: 'The table is empty: it has no columns.' });
  const columns = loaded.columns.map(({ name, typed }) => `${typed} AS ${identifier(name)}`).join(', ');
  try {
    await db.run(`CREATE OR REPLACE TEMP VIEW t AS SELECT ${columns} FROM ${loaded.from}`);
    const reader = await asked(db, query, limit + 1);
    const isNumber = reader.columnTypes().map((type) => isNumeric(type.toString()));
    const rows = reader.getRowsJson();
    return {
      columns: reader.deduplicatedColumnNames(),
      rows: rows.slice(0, limit).map((row) => row.map((value, at) => cellOf(value, isNumber[at] === true))),
      isTruncated: rows.length > limit,
      elapsedMs: performance.now() - start,
    };
  } finally {
    await db.run('DROP VIEW IF EXISTS t; DROP TABLE IF EXISTS q');
  }
}

async function asked(db: DuckDBConnection, query: string, limit: number) {
  // What stands in brackets is one query that writes nothing, or an error.
  const text = `SELECT * FROM (\n${query.trim().replace(/;$/, '')}\n) LIMIT ${limit}`;
  try {
    const { count } = await db.extractStatements(text);
    if (count !== 1) throw unanswered('It holds more than one statement.', null);
    return await db.runAndReadAll(text);
  } catch (error) {
    const [told = ''] =
      error instanceof Error
        ? error.message.replace('Failed to extract statements: ', '').split('\n\nLINE')
        : [];
    if (!/^(Parser|Binder|Catalog|Conversion|Invalid Input|Out of Range|Permission) Error/.test(told))
      throw error;
    throw unanswered(told.trim().slice(0, 500), error);
  }
}

const unanswered = (evidence: string, cause: unknown) =>
  new BenchtopError(
    {
      code: 'invalid-input',
      what: 'The query cannot be answered.',
      evidence,
      next: "The table is called t. Names with spaces stand in double quotes, words in single ones: SELECT * FROM t WHERE origin = 'JFK'.",
    },
    { cause },
  );

function cellOf(value: unknown, isNumber: boolean): string | number | null {
  if (value === null || value === undefined) return null;
  const number = Number(value);
  // Whole numbers that a double cannot hold stay as they are written.
  if (isNumber && (!Number.isInteger(number) || Number.isSafeInteger(number))) return number;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
