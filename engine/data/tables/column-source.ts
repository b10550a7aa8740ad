import { DuckDBDoubleVector, type DuckDBConnection } from '@duckdb/node-api';
import { rowsOf, type LoadedColumn, type LoadedTable } from './load-table.ts';
import { unreadableTable } from './unreadable-table.ts';

/** One of two tables that are compared: its columns, which are read when they are asked. */
export interface Side {
  readonly name: string;
  readonly rowCount: number;
  readonly columns: readonly { readonly name: string; readonly source: ColumnSource }[];
  /**
   * All but NaN of some columns of numbers, told by their names: one array for each, in the order of the rows or in ascending order. They are
   * good until the next are asked for, which come in the same memory: a system takes longer to give new memory than to fill it.
   */
  numbers(names: readonly string[]): Promise<Float64Array[]>;
}

/** A column of such a table. Whatever is asked is read then, over the whole column. */
export interface ColumnSource {
  /** In DuckDB's words. */
  readonly type: string;
  readonly rowCount: number;
  /** Cells that hold something, NaN included. */
  filledCount(): Promise<number>;
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

/** A table that DuckDB reads. @param name as people know it @throws {BenchtopError} `unsupported` with that name, when columns are read. */
export function loadedSide(db: DuckDBConnection, table: LoadedTable, name: string): Side {
  const spare: Float64Array[] = [];
  return {
    name,
    rowCount: table.rowCount,
    columns: table.columns.map((column) => ({
      name: column.name,
      source: loadedColumn(db, table, column, name),
    })),
    numbers: (names) =>
      told(
        doublesOf(
          db,
          table,
          names.map((asked) => {
            const found = table.columns.find((column) => column.name === asked);
            if (found === undefined) throw new Error(`The table has no column "${asked}".`);
            return found.typed;
          }),
          spare,
        ),
        name,
      ),
  };
}

async function told<T>(reading: Promise<T>, file: string): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw unreadableTable(error, file);
  }
}

function loadedColumn(
  db: DuckDBConnection,
  table: LoadedTable,
  { type, typed }: LoadedColumn,
  file: string,
): ColumnSource {
  const { from, rowCount } = table;
  const text = `CAST(${typed} AS VARCHAR)`;
  const rows = (sql: string) => told(rowsOf(db, sql), file);
  return {
    type,
    rowCount,
    async filledCount() {
      const [[count] = []] = await rows(`SELECT count(${typed})::DOUBLE FROM ${from}`);
      return Number(count);
    },
    async counts() {
      const found = await rows(
        `SELECT ${text}, count(*)::DOUBLE FROM ${from} WHERE ${typed} IS NOT NULL
         GROUP BY ${typed} LIMIT ${categoriesAtMost + 1}`,
      );
      return found.length > categoriesAtMost ? null : countsOf(found);
    },
    async lengths() {
      const [found] = await told(doublesOf(db, table, [`length(${text})`], []), file);
      return found ?? new Float64Array(0);
    },
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

/**
 * What some expressions give as doubles in the order of the rows, NaN left out. One query: its chunks cost more than what is in them.
 * @param spare arrays of as many doubles as the table has rows, to be filled first; those that are made are added
 */
async function doublesOf(
  db: DuckDBConnection,
  { from, rowCount }: LoadedTable,
  expressions: readonly string[],
  spare: Float64Array[],
): Promise<Float64Array[]> {
  if (expressions.length === 0) return [];
  const columns = expressions.map((_, at) => ({
    values: (spare[at] ??= new Float64Array(rowCount)),
    count: 0,
  }));
  const cells = expressions.map((each) => `coalesce(CAST(${each} AS DOUBLE), 'NaN'::DOUBLE)`);
  const result = await db.stream(`SELECT ${cells.join(', ')} FROM ${from}`);
  for (;;) {
    const chunk = await result.fetchChunk();
    const rows = chunk?.rowCount ?? 0;
    if (chunk === null || rows === 0) return columns.map(({ values, count }) => values.subarray(0, count));
    for (const [at, column] of columns.entries()) {
      const vector = chunk.getColumnVector(at);
      const items: unknown = vector instanceof DuckDBDoubleVector ? vector['items'] : null;
      if (!(items instanceof Float64Array)) throw new Error('Numbers were asked for as DOUBLE.');
      column.count = addNumbers(items, column.values, column.count);
    }
  }
}

/**
 * Appends what is no NaN, and tells how many values there are then.
 * @param items of a vector, as they lie in memory: to ask it for each takes as long as DuckDB takes to read it. None is NULL, which was made NaN.
 */
function addNumbers(items: Float64Array, values: Float64Array, from: number): number {
  let count = from;
  for (let row = 0; row < items.length; row++) {
    const value = items[row] ?? Number.NaN;
    if (!Number.isNaN(value)) values[count++] = value;
  }
  return count;
}
