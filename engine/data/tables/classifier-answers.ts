import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError, probabilityColumnsOf, type PerformanceColumns } from '../../../contract/index.ts';
import { tableColumns, type ColumnValues, type TableColumns, type WantedColumn } from './table-columns.ts';
import type { NamedFile } from './table-question.ts';
import { unreadableTable } from './unreadable-table.ts';

type Words = readonly (string | null)[];

/** A table whose columns can be read, as people know it. */
export interface NamedTable {
  readonly name: string;
  readonly read: (wanted: readonly WantedColumn[]) => Promise<TableColumns>;
}

export const tableOfFile = (db: DuckDBConnection, file: NamedFile): NamedTable => ({
  name: file.name,
  read: (wanted) => tableColumns(db, file, wanted),
});

/** What a classifier said of the rows of one table, and what was true. */
export interface ClassifierAnswers {
  readonly rowCount: number;
  /** Of each class that is looked for; NaN where a cell is empty. */
  readonly scores: readonly Float64Array[];
  /** Null where no column of them is named. */
  readonly predictions: Words | null;
  /** Null where the table has no such column. */
  readonly labels: Words | null;
  readonly predictedAt: Float64Array | null;
  readonly ids: Words | null;
}

/** @throws {BenchtopError} `invalid-input` for a column that is not there, and for what is no probability. */
export async function classifierAnswers(
  table: NamedTable,
  columns: PerformanceColumns,
  id: string | null,
): Promise<ClassifierAnswers> {
  const probabilities = probabilityColumnsOf(columns);
  const read = await namedColumns(
    table,
    [
      ...probabilities.map((name) => ({ name, as: 'numbers' as const })),
      ...(columns.prediction === null ? [] : [{ name: columns.prediction, as: 'words' as const }]),
      { name: columns.label, as: 'words' },
      ...(columns.predictedAt === null ? [] : [{ name: columns.predictedAt, as: 'times' as const }]),
      ...(id === null ? [] : [{ name: id, as: 'words' as const }]),
    ],
    columns.label,
  );
  return {
    rowCount: read.rowCount,
    scores: probabilities.map((name) => probabilitiesIn(read.numbers(name), table.name, name)),
    predictions: columns.prediction === null ? null : read.words(columns.prediction),
    labels: read.has(columns.label) ? read.words(columns.label) : null,
    predictedAt: columns.predictedAt === null ? null : read.numbers(columns.predictedAt),
    ids: id === null ? null : read.words(id),
  };
}

/** Columns of a table by their names. @param optional may be missing. @throws {BenchtopError} `invalid-input` for another that is. */
export async function namedColumns(
  table: NamedTable,
  wanted: readonly WantedColumn[],
  optional: string | null,
) {
  const read = await table.read(wanted).catch((error: unknown) => {
    throw unreadableTable(error, table.name);
  });
  if (read.names.length === 0)
    throw new BenchtopError({ code: 'invalid-input', what: `${table.name} is empty: it has no columns.` });
  const found = new Map<string, ColumnValues>();
  for (const [at, { name }] of wanted.entries()) {
    const column = read.columns[at] ?? null;
    if (column !== null) found.set(name, column);
    else if (name !== optional)
      throw new BenchtopError({
        code: 'invalid-input',
        what: `${table.name} has no column "${name}".`,
        evidence: `It has ${read.names.slice(0, 50).join(', ')}.`,
      });
  }
  return {
    rowCount: read.rowCount,
    has: (name: string) => found.has(name),
    numbers(name: string): Float64Array {
      const column = found.get(name);
      if (column?.as !== 'numbers') throw new Error(`"${name}" was not asked for as numbers.`);
      return column.values;
    },
    words(name: string): Words {
      const column = found.get(name);
      if (column?.as !== 'words') throw new Error(`"${name}" was not asked for as words.`);
      const words = column.words.map(asOneWord);
      return Array.from(column.codes, (code) => words[code] ?? null);
    },
  };
}

/** A class is the same however it is written: 1.0 is 1, and True is true. */
const asOneWord = (word: string): string =>
  /^(true|false)$/i.test(word) ? word.toLowerCase() : word.replace(/^(-?\d+)\.0+$/, '$1');

function probabilitiesIn(values: Float64Array, table: string, name: string): Float64Array {
  const wrong = values.findIndex((value) => value < 0 || value > 1);
  if (wrong >= 0)
    throw new BenchtopError({
      code: 'invalid-input',
      what: `The column "${name}" of ${table} holds ${values[wrong]} in row ${wrong + 1}, which is no probability.`,
      next: 'Probabilities lie between 0 and 1.',
    });
  return values;
}
