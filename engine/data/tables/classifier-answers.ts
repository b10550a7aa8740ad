import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError, type PerformanceColumns } from '../../../contract/index.ts';
import { tableColumns, type ColumnValues, type WantedColumn } from './table-columns.ts';
import type { NamedFile } from './table-question.ts';
import { unreadableTable } from './unreadable-table.ts';

type Words = readonly (string | null)[];

/** What a classifier said of the rows of one table, and what was true. */
export interface ClassifierAnswers {
  readonly rowCount: number;
  /** Of each class that is looked for; NaN where a cell is empty. */
  readonly scores: readonly Float64Array[];
  readonly predictions: Words;
  /** Null where the table has no such column. */
  readonly labels: Words | null;
  readonly predictedAt: Float64Array | null;
  readonly ids: Words | null;
}

/** @throws {BenchtopError} `invalid-input` for a column that is not there, and for what is no probability. */
export async function classifierAnswers(
  db: DuckDBConnection,
  file: NamedFile,
  columns: PerformanceColumns,
  id: string | null,
): Promise<ClassifierAnswers> {
  const probabilities = probabilityColumns(columns);
  const read = await namedColumns(
    db,
    file,
    [
      ...probabilities.map((name) => ({ name, as: 'numbers' as const })),
      { name: columns.prediction, as: 'words' },
      { name: columns.label, as: 'words' },
      ...(columns.predictedAt === null ? [] : [{ name: columns.predictedAt, as: 'times' as const }]),
      ...(id === null ? [] : [{ name: id, as: 'words' as const }]),
    ],
    columns.label,
  );
  return {
    rowCount: read.rowCount,
    scores: probabilities.map((name) => probabilitiesIn(read.numbers(name), file, name)),
    predictions: read.words(columns.prediction),
    labels: read.has(columns.label) ? read.words(columns.label) : null,
    predictedAt: columns.predictedAt === null ? null : read.numbers(columns.predictedAt),
    ids: id === null ? null : read.words(id),
  };
}

/** Of two classes one column, of several one for each in the order of their names. */
const probabilityColumns = ({ probabilities }: PerformanceColumns): string[] =>
  typeof probabilities === 'string'
    ? [probabilities]
    : Object.entries(probabilities)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, column]) => column);

/** Columns of a table by their names. @param optional may be missing. @throws {BenchtopError} `invalid-input` for another that is. */
export async function namedColumns(
  db: DuckDBConnection,
  file: NamedFile,
  wanted: readonly WantedColumn[],
  optional: string | null,
) {
  const read = await tableColumns(db, file, wanted).catch((error: unknown) => {
    throw unreadableTable(error, file.name);
  });
  const found = new Map<string, ColumnValues>();
  for (const [at, { name }] of wanted.entries()) {
    const column = read.columns[at] ?? null;
    if (column !== null) found.set(name, column);
    else if (name !== optional)
      throw new BenchtopError({
        code: 'invalid-input',
        what: `${file.name} has no column "${name}".`,
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

function probabilitiesIn(values: Float64Array, file: NamedFile, name: string): Float64Array {
  const wrong = values.findIndex((value) => value < 0 || value > 1);
  if (wrong >= 0)
    throw new BenchtopError({
      code: 'invalid-input',
      what: `The column "${name}" of ${file.name} holds ${values[wrong]} in row ${wrong + 1}, which is no probability.`,
      next: 'Probabilities lie between 0 and 1.',
    });
  return values;
}
