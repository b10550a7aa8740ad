import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError, type DriftReport, type DriftTest } from '../../../contract/index.ts';
import { driftReport, type ComparedColumn } from '../../drift/index.ts';
import { loadedColumn, type ColumnSource } from './column-source.ts';
import { comparedColumn } from './compared-column.ts';
import { driftAsPeer } from './drift-as-peer.ts';
import { keepTable, keptColumn, keptTableIn } from './kept-reference.ts';
import type { LoadedTable } from './load-table.ts';
import { comparedTables, sharedColumns, tableWithColumns } from './shared-columns.ts';
import type { DriftQuestion, NamedFile, ReferenceFile } from './table-question.ts';

/** One of the two tables: its columns, which are read when they are asked. */
export interface Side {
  readonly name: string;
  readonly rowCount: number;
  readonly columns: readonly { readonly name: string; readonly source: ColumnSource }[];
}

/**
 * Whether and how the columns of one table differ from those of another, matched by name. One column after the other is read whole, so
 * that two of them are in memory at a time. Null where what is kept of the reference does not suffice, and its file is not at hand.
 * @throws {BenchtopError} `invalid-input` for tables without a column in common and for a test of a column that is none; `unsupported`
 * naming the file that cannot be read.
 */
export async function driftOfTables(
  db: DuckDBConnection,
  question: DriftQuestion,
): Promise<DriftReport | null> {
  try {
    if (question.mode !== 'benchtop') return await driftAsPeer(db, question, question.mode);
    const reference = await referenceSide(db, question.reference);
    const current = await opened(db, 'b', question.current);
    return await driftBetween(reference, current, question.tests);
  } catch (error) {
    if (error === noFile) return null;
    throw error;
  } finally {
    await db.run('DROP TABLE IF EXISTS a; DROP TABLE IF EXISTS b');
  }
}

/** The same of tables that are open. @throws {BenchtopError} `invalid-input`. */
export async function driftBetween(
  reference: Side,
  current: Side,
  tests: Readonly<Record<string, DriftTest>>,
): Promise<DriftReport> {
  const shared = sharedColumns(reference, current).map((column) => ({
    name: column.name,
    reference: column.reference.source,
    current: column.current.source,
  }));
  knownColumns(tests, shared);
  const compared: ComparedColumn[] = [];
  for (const column of shared) compared.push(await comparedColumn(column, tests[column.name]));
  return driftReport(comparedTables(reference, current), compared);
}

/** Told where a table has to be read that is not at hand. */
const noFile = new Error('The file of the reference is not at hand.');

/** The reference by what is kept of it; what is not kept yet is read from its file, and kept where a folder is given for it. */
async function referenceSide(db: DuckDBConnection, { name, file, keptIn }: ReferenceFile): Promise<Side> {
  let side: Promise<Side> | null = null;
  const open = () => {
    if (file === null) throw noFile;
    return (side ??= opened(db, 'a', { ...file, name }));
  };
  if (keptIn === null) return open();
  let table = keptTableIn(keptIn);
  if (table === null) {
    const { columns, rowCount } = await open();
    table = { columns: columns.map((column) => ({ name: column.name, type: column.source.type })), rowCount };
    keepTable(keptIn, table);
  }
  const { rowCount } = table;
  return {
    name,
    rowCount,
    columns: table.columns.map((column, at) => ({
      name: column.name,
      source: keptColumn(keptIn, at, { type: column.type, rowCount }, async () => {
        const found = (await open()).columns[at];
        if (found === undefined) throw new Error(`The table has fewer columns than what is kept of it.`);
        return found.source;
      }),
    })),
  };
}

const opened = async (db: DuckDBConnection, table: string, file: NamedFile): Promise<Side> =>
  sideOf(db, await tableWithColumns(db, table, file), file.name);

/** A table that DuckDB reads. @param name as people know it */
export const sideOf = (db: DuckDBConnection, loaded: LoadedTable, name: string): Side => ({
  name,
  rowCount: loaded.rowCount,
  columns: loaded.columns.map((column) => ({
    name: column.name,
    source: loadedColumn(db, loaded, column, name),
  })),
});

function knownColumns(tests: Readonly<Record<string, DriftTest>>, shared: readonly { name: string }[]): void {
  const unknown = Object.keys(tests).find((name) => !shared.some((column) => column.name === name));
  if (unknown !== undefined)
    throw new BenchtopError({
      code: 'invalid-input',
      what: `There is no column "${unknown}" that both tables have.`,
      evidence: `Both have: ${shared
        .slice(0, 50)
        .map(({ name }) => name)
        .join(', ')}.`,
    });
}
