import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError, type DriftReport, type DriftTest } from '../../../contract/index.ts';
import { driftReport, type ComparedColumn } from '../../drift/index.ts';
import { loadedSide, type Side } from './column-source.ts';
import { comparedColumn, hasNumbers } from './compared-column.ts';
import { driftAsPeer } from './drift-as-peer.ts';
import { keptSide } from './kept-reference.ts';
import { comparedTables, sharedColumns, tableWithColumns } from './shared-columns.ts';
import type { DriftQuestion, NamedFile, ReferenceFile } from './table-question.ts';

/** So much of two tables' numbers is in memory at a time, or two columns where they take more. */
const bytesAtOnce = 128 * 1024 ** 2;
/** A query takes longer for each column that the table has: many are read by one. */
const columnsAtOnce = 50;

/**
 * Whether and how the columns of one table differ from those of another, matched by name. Columns are read whole, a few at a time. Null where what is kept of the reference does not suffice, and its file is not at hand.
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
  const bytesOfPair = Float64Array.BYTES_PER_ELEMENT * (reference.rowCount + current.rowCount);
  const atOnce = Math.max(1, Math.min(columnsAtOnce, Math.floor(bytesAtOnce / Math.max(1, bytesOfPair))));
  const compared: ComparedColumn[] = [];
  for (let from = 0; from < shared.length; from += atOnce) {
    const group = shared.slice(from, from + atOnce);
    const names = group.filter(hasNumbers).map(({ name }) => name);
    const before = await reference.numbers(names);
    const now = await current.numbers(names);
    for (const column of group) {
      const [a, b] = [before[names.indexOf(column.name)], now[names.indexOf(column.name)]];
      const numbers = a === undefined || b === undefined ? null : { reference: a, current: b };
      compared.push(await comparedColumn(column, numbers, tests[column.name]));
    }
  }
  return driftReport(comparedTables(reference, current), compared);
}

/** Told where a table has to be read that is not at hand. */
const noFile = new Error('The file of the reference is not at hand.');

/** The reference by what is kept of it; what is not kept yet is read from its file, and kept where a folder is given for it. */
async function referenceSide(db: DuckDBConnection, { name, file, keptIn }: ReferenceFile): Promise<Side> {
  const open = () => {
    if (file === null) throw noFile;
    return opened(db, 'a', { ...file, name });
  };
  return keptIn === null ? open() : keptSide(keptIn, name, open);
}

const opened = async (db: DuckDBConnection, table: string, file: NamedFile): Promise<Side> =>
  loadedSide(db, await tableWithColumns(db, table, file), file.name);

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
