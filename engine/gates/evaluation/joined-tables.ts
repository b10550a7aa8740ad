import type { ColumnValues, TableColumns, WantedColumn } from '../../data/index.ts';
import { Unfit } from './evaluation-task.ts';
import type { Table, TableReading } from './read-predictions.ts';

export interface JoinedColumns extends TableColumns {
  /** Of each table, in their order. */
  readonly rowCounts: readonly number[];
}

/** Whole columns of tables of one schema, one below the other. @throws {Unfit} where they have other columns than the first. */
export async function joinedColumns(
  reading: TableReading,
  tables: readonly Table[],
  wanted: readonly WantedColumn[],
  signal: AbortSignal,
): Promise<JoinedColumns> {
  const read: TableColumns[] = [];
  for (const table of tables) {
    const found = await reading.columns(table, wanted, signal);
    const [first] = read;
    if (first !== undefined) refuseOtherColumns(first.names, found.names, tables[0]?.name ?? '', table.name);
    read.push(found);
  }
  return {
    names: read[0]?.names ?? [],
    rowCount: read.reduce((sum, { rowCount }) => sum + rowCount, 0),
    rowCounts: read.map(({ rowCount }) => rowCount),
    columns: wanted.map((_, at) => joined(read.map(({ columns }) => columns[at] ?? null))),
  };
}

function refuseOtherColumns(
  expected: readonly string[],
  found: readonly string[],
  first: string,
  name: string,
): void {
  const lacking = expected.filter((column) => !found.includes(column));
  const beyond = found.filter((column) => !expected.includes(column));
  if (lacking.length === 0 && beyond.length === 0) return;
  const told = [
    ...(lacking.length === 0 ? [] : [`lacks ${lacking.slice(0, 5).join(', ')}`]),
    ...(beyond.length === 0 ? [] : [`has ${beyond.slice(0, 5).join(', ')} besides`]),
  ];
  throw new Unfit(
    `The held-out tables are not of one schema: against ${first}, ${name} ${told.join(' and ')}.`,
  );
}

function joined(parts: readonly (ColumnValues | null)[]): ColumnValues | null {
  const [first] = parts;
  if (parts.length === 1 || first === null || first === undefined) return first ?? null;
  return first.as === 'numbers' ? joinedNumbers(parts) : joinedWords(parts);
}

function joinedNumbers(parts: readonly (ColumnValues | null)[]): ColumnValues {
  const columns = parts.filter((part) => part?.as === 'numbers');
  const values = new Float64Array(columns.reduce((sum, part) => sum + part.values.length, 0));
  let at = 0;
  for (const part of columns) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return { as: 'numbers', values, otherCount: columns.reduce((sum, part) => sum + part.otherCount, 0) };
}

function joinedWords(parts: readonly (ColumnValues | null)[]): ColumnValues {
  const columns = parts.filter((part) => part?.as === 'words');
  const places = new Map<string, number>();
  const codes = new Uint32Array(columns.reduce((sum, part) => sum + part.codes.length, 0));
  let at = 0;
  for (const part of columns) {
    const placeOf = part.words.map((word) => {
      const place = places.get(word) ?? places.size;
      places.set(word, place);
      return place;
    });
    // An empty cell has a place at which there is no word, here as there.
    for (const code of part.codes) codes[at++] = placeOf[code] ?? 0xffff_ffff;
  }
  return { as: 'words', words: [...places.keys()], codes };
}

/** Rows of joined tables by their places, counted from 0, with the names of their columns. A place may come once. */
export async function joinedRows(
  reading: TableReading,
  tables: readonly Table[],
  rowCounts: readonly number[],
  places: readonly number[],
  signal: AbortSignal,
): Promise<{ columns: string[]; rows: ReadonlyMap<number, readonly (string | null)[]> }> {
  const rows = new Map<number, readonly (string | null)[]>();
  let columns: string[] = [];
  let before = 0;
  for (const [at, table] of tables.entries()) {
    const count = rowCounts[at] ?? 0;
    const own = places
      .map((place) => place - before)
      .filter((place) => place >= 0 && place < count)
      .toSorted((a, b) => a - b);
    if (own.length > 0) {
      const found = await reading.rowsAt(table, own, signal);
      const names = found.columns.map(({ name }) => name);
      if (columns.length === 0) columns = names;
      // Another table may have the same columns in another order.
      const order = columns.map((name) => names.indexOf(name));
      for (const [index, row] of found.rows.entries())
        rows.set(
          before + (own[index] ?? 0),
          order.map((from) => row[from] ?? null),
        );
    }
    before += count;
  }
  return { columns, rows };
}
