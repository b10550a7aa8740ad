import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError } from '../../../contract/index.ts';
import type { ComparedTables } from '../../drift/index.ts';
import { readableTable, type LoadedTable } from './load-table.ts';
import type { NamedFile } from './table-question.ts';
import { unreadableTable } from './unreadable-table.ts';

/** One of two tables that are held against each other. */
interface Side<Column> {
  readonly name: string;
  readonly rowCount: number;
  readonly columns: readonly (Column & { readonly name: string })[];
}

/** @throws {BenchtopError} `unsupported` naming a file that cannot be read, `invalid-input` for one without columns. */
export async function tableWithColumns(
  db: DuckDBConnection,
  table: string,
  file: NamedFile,
): Promise<LoadedTable> {
  const loaded = await readableTable(db, table, file).catch((error: unknown) => {
    throw unreadableTable(error, file.name);
  });
  if (loaded.columns.length === 0)
    throw new BenchtopError({ code: 'invalid-input', what: `${file.name} is empty: it has no columns.` });
  return loaded;
}

/** Columns that both have, by name, in the order of the current table. @throws {BenchtopError} `invalid-input` where there is none. */
export function sharedColumns<Column>(reference: Side<Column>, current: Side<Column>) {
  const shared = current.columns.flatMap((column) => {
    const before = reference.columns.find(({ name }) => name === column.name);
    return before === undefined ? [] : [{ name: column.name, reference: before, current: column }];
  });
  if (shared.length === 0)
    throw new BenchtopError({
      code: 'invalid-input',
      what: `${reference.name} and ${current.name} have no column in common.`,
      evidence: [reference, current]
        .map(({ columns }) =>
          columns
            .slice(0, 20)
            .map(({ name }) => name)
            .join(', '),
        )
        .join(' / '),
    });
  return shared;
}

/** The two tables as a report tells them. */
export function comparedTables<Column>(reference: Side<Column>, current: Side<Column>): ComparedTables {
  const without = (a: Side<Column>, b: Side<Column>) =>
    a.columns.filter(({ name }) => !b.columns.some((column) => column.name === name)).map(({ name }) => name);
  return {
    reference: { path: reference.name, rowCount: reference.rowCount },
    current: { path: current.name, rowCount: current.rowCount },
    added: without(current, reference),
    removed: without(reference, current),
  };
}
