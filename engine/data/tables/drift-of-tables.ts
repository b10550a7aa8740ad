import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError, type DriftReport, type DriftTest } from '../../../contract/index.ts';
import { driftReport, type ComparedColumn, type ComparedTables } from '../../drift/index.ts';
import { comparedColumn } from './compared-column.ts';
import { readableTable, type LoadedTable } from './load-table.ts';
import type { DriftQuestion, NamedFile } from './table-question.ts';
import { unreadableTable } from './unreadable-table.ts';

/**
 * Whether and how the columns of one table differ from those of another, matched by name. One column after the other is read whole, so
 * that two of them are in memory at a time.
 * @throws {BenchtopError} `invalid-input` for tables without a column in common and for a test of a column that is none; `unsupported`
 * naming the file that cannot be read.
 */
export async function driftOfTables(db: DuckDBConnection, question: DriftQuestion): Promise<DriftReport> {
  try {
    const reference = await opened(db, 'a', question.reference);
    const current = await opened(db, 'b', question.current);
    const shared = current.columns.flatMap((column) => {
      const before = reference.columns.find(({ name }) => name === column.name);
      return before === undefined ? [] : [{ name: column.name, reference: before, current: column }];
    });
    if (shared.length === 0)
      throw new BenchtopError({
        code: 'invalid-input',
        what: `${question.reference.name} and ${question.current.name} have no column in common.`,
        evidence: [reference, current].map(namesOf).join(' / '),
      });
    knownColumns(question.tests, shared);
    const compared: ComparedColumn[] = [];
    for (const { name, reference: before, current: now } of shared)
      compared.push(
        await comparedColumn(
          db,
          name,
          { table: reference, column: before, file: question.reference.name },
          { table: current, column: now, file: question.current.name },
          question.tests[name],
        ),
      );
    return driftReport(tablesOf(question, reference, current), compared);
  } finally {
    await db.run('DROP TABLE IF EXISTS a; DROP TABLE IF EXISTS b');
  }
}

async function opened(db: DuckDBConnection, name: string, file: NamedFile): Promise<LoadedTable> {
  const table = await readableTable(db, name, file).catch((error: unknown) => {
    throw unreadableTable(error, file.name);
  });
  if (table.columns.length === 0)
    throw new BenchtopError({ code: 'invalid-input', what: `${file.name} is empty: it has no columns.` });
  return table;
}

const namesOf = ({ columns }: LoadedTable): string =>
  columns
    .slice(0, 20)
    .map(({ name }) => name)
    .join(', ');

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

function tablesOf(question: DriftQuestion, reference: LoadedTable, current: LoadedTable): ComparedTables {
  const without = (a: LoadedTable, b: LoadedTable) =>
    a.columns.filter(({ name }) => !b.columns.some((column) => column.name === name)).map(({ name }) => name);
  return {
    reference: { path: question.reference.name, rowCount: reference.rowCount },
    current: { path: question.current.name, rowCount: current.rowCount },
    added: without(current, reference),
    removed: without(reference, current),
  };
}
