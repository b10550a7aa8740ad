import { DuckDBDoubleVector, type DuckDBConnection } from '@duckdb/node-api';
import { rowsOf, type LoadedColumn, type LoadedTable } from './load-table.ts';
import { unreadableTable } from './unreadable-table.ts';

/** A column of one of two tables that are compared. Whatever is asked is read then, over the whole column. */
export interface ColumnSource {
  /** In DuckDB's words. */
  readonly type: string;
  readonly rowCount: number;
  /** Cells that hold something, NaN included. */
  filledCount(): Promise<number>;
  /** Of a column of numbers: all but NaN, in any order. */
  numbers(): Promise<Float64Array>;
  /** How often each value comes; null where there are more than `categoriesAtMost` different ones. */
  counts(): Promise<ReadonlyMap<string, number> | null>;
  /** Characters of each value. */
  lengths(): Promise<Float64Array>;
  /** In how many of the values a word comes; of the 50,000 words that come in most of them. */
  words(): Promise<ReadonlyMap<string, number>>;
}

/** Values with more different ones than this are no categories. */
export const categoriesAtMost = 10_000;
/** A rarer word could hardly be among the most frequent of both sides, and would not be held against the other side then. */
const wordsAtMost = 50_000;

/** A column as DuckDB reads it. @param file as people know it @throws {BenchtopError} `unsupported` naming the file. */
export function loadedColumn(
  db: DuckDBConnection,
  { from, rowCount }: LoadedTable,
  { type, typed }: LoadedColumn,
  file: string,
): ColumnSource {
  const told = async <T>(reading: Promise<T>): Promise<T> => {
    try {
      return await reading;
    } catch (error) {
      throw unreadableTable(error, file);
    }
  };
  const text = `CAST(${typed} AS VARCHAR)`;
  const orNaN = (expression: string) => `coalesce(CAST(${expression} AS DOUBLE), 'NaN'::DOUBLE)`;
  const doubles = (expression: string) =>
    told(doublesOf(db, `SELECT ${orNaN(expression)} FROM ${from}`, rowCount));
  const rows = (sql: string) => told(rowsOf(db, sql));
  return {
    type,
    rowCount,
    async filledCount() {
      const [[count] = []] = await rows(`SELECT count(${typed})::DOUBLE FROM ${from}`);
      return Number(count);
    },
    numbers: () => doubles(typed),
    async counts() {
      const found = await rows(
        `SELECT ${text}, count(*)::DOUBLE FROM ${from} WHERE ${typed} IS NOT NULL
         GROUP BY ${typed} LIMIT ${categoriesAtMost + 1}`,
      );
      return found.length > categoriesAtMost ? null : countsOf(found);
    },
    lengths: () => doubles(`length(${text})`),
    async words() {
      const found = await rows(
        `SELECT w, count(*)::DOUBLE FROM
           (SELECT unnest(list_distinct(regexp_extract_all(lower(${text}), '[\\p{L}\\p{N}]{1,50}'))) AS w FROM ${from})
         GROUP BY w ORDER BY count(*) DESC, w LIMIT ${wordsAtMost}`,
      );
      return countsOf(found);
    },
  };
}

const countsOf = (rows: readonly (readonly unknown[])[]): Map<string, number> =>
  new Map(rows.map(([value, count]) => [String(value), Number(count)]));

/** The doubles that a query gives, NaN left out. */
async function doublesOf(db: DuckDBConnection, sql: string, atMost: number): Promise<Float64Array> {
  const values = new Float64Array(atMost);
  let count = 0;
  const result = await db.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return values.subarray(0, count);
    const vector = chunk.getColumnVector(0);
    if (!(vector instanceof DuckDBDoubleVector)) throw new Error('Numbers were asked for as DOUBLE.');
    for (let at = 0; at < chunk.rowCount; at++) {
      const value = vector.getItem(at) ?? Number.NaN;
      if (!Number.isNaN(value)) values[count++] = value;
    }
  }
}
