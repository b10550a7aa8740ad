import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError } from '../../../contract/index.ts';
import type { TableFile } from './load-table.ts';
import { tableSource } from './table-rows.ts';
import { wholeGzip } from './whole-gzip.ts';

/** A column that is read whole: as numbers, as times, or as words of which few are many times there. */
export interface WantedColumn {
  readonly name: string;
  readonly as: 'numbers' | 'times' | 'words';
}

/** A whole column in the order of the file. */
export type ColumnValues =
  | {
      readonly as: 'numbers';
      /** NaN where a cell is empty or no number; of times milliseconds since 1970, without a zone as UTC. */
      readonly values: Float64Array<ArrayBuffer>;
      /** Cells that hold something else than a number. */
      readonly otherCount: number;
    }
  | {
      readonly as: 'words';
      readonly words: string[];
      /** For each row the place of its word; of an empty cell a place at which there is none. */
      readonly codes: Uint32Array<ArrayBuffer>;
    };
const noWord = 0xffff_ffff;

export interface TableColumns {
  /** Of all columns that the table has. */
  readonly names: string[];
  readonly rowCount: number;
  /** In the order they were asked for; null for one that the table does not have. */
  readonly columns: (ColumnValues | null)[];
}

/** Rows of a table whose columns are read whole: more would not fit beside each other in memory. */
const rowsAtMost = 5_000_000;

/** What whole columns are read from: a table, and what reads a cell of each column there. */
interface ColumnsSource {
  readonly from: string;
  readonly columns: readonly { readonly name: string; readonly cell: string }[];
}

/** Whole columns of a file. With none asked for, the names alone. @throws {BenchtopError} `too-large`. */
export async function tableColumns(
  db: DuckDBConnection,
  file: TableFile,
  wanted: readonly WantedColumn[],
): Promise<TableColumns> {
  if (file.isGzip) await wholeGzip(file.path);
  return columnsOf(db, await tableSource(db, file), wanted);
}

/** Whole columns of what is open already. @throws {BenchtopError} `too-large`. */
export async function columnsOf(
  db: DuckDBConnection,
  source: ColumnsSource,
  wanted: readonly WantedColumn[],
): Promise<TableColumns> {
  const names = source.columns.map(({ name }) => name);
  const found = wanted.map(({ name, as }) => {
    const cell = source.columns.find((column) => column.name === name)?.cell;
    return cell === undefined ? null : { as, cell };
  });
  const cells = found.flatMap((each) => (each === null ? [] : [sqlOf(each)]));
  if (cells.length === 0) return { names, rowCount: 0, columns: found.map(() => null) };
  const result = await db.stream(`SELECT ${cells.join(', ')} FROM ${source.from} LIMIT ${rowsAtMost + 1}`);
  const builders = found.map((each) =>
    each === null ? null : each.as === 'words' ? wordsBuilder() : numbersBuilder(),
  );
  let rowCount = 0;
  for (
    let chunk = await result.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    rowCount += chunk.rowCount;
    if (rowCount > rowsAtMost)
      throw new BenchtopError({
        code: 'too-large',
        what: 'The table has more rows than the five million whose columns are read at once.',
        next: 'Take a part of the rows.',
      });
    let at = 0;
    for (const builder of builders) {
      if (builder === null) continue;
      const values = chunk.getColumnValues(at++);
      if (builder.as === 'words') builder.add(values);
      else builder.add(values, chunk.getColumnValues(at++));
    }
  }
  return { names, rowCount, columns: builders.map((builder) => builder?.built() ?? null) };
}

function sqlOf({ as, cell }: { as: WantedColumn['as']; cell: string }): string {
  const text = `CAST(${cell} AS VARCHAR)`;
  const number =
    as === 'times' ? `epoch_ms(try_cast(${text} AS TIMESTAMP))::DOUBLE` : `try_cast(${cell} AS DOUBLE)`;
  return as === 'words' ? text : `${number}, ${cell} IS NOT NULL`;
}

function numbersBuilder() {
  const parts: Float64Array[] = [];
  let otherCount = 0;
  return {
    as: 'numbers' as const,
    add(values: readonly unknown[], isThere: readonly unknown[]) {
      const part = Float64Array.from(values, (value) => (typeof value === 'number' ? value : Number.NaN));
      for (const [row, value] of values.entries()) if (value === null && isThere[row] === true) otherCount++;
      parts.push(part);
    },
    built: (): ColumnValues => {
      const values = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        values.set(part, at);
        at += part.length;
      }
      return { as: 'numbers', values, otherCount };
    },
  };
}

function wordsBuilder() {
  const places = new Map<string, number>();
  const codes: number[] = [];
  return {
    as: 'words' as const,
    add(values: readonly unknown[]) {
      for (const value of values) {
        if (typeof value !== 'string') {
          codes.push(noWord);
          continue;
        }
        let place = places.get(value);
        if (place === undefined) places.set(value, (place = places.size));
        codes.push(place);
      }
    },
    built: (): ColumnValues => ({ as: 'words', words: [...places.keys()], codes: Uint32Array.from(codes) }),
  };
}
