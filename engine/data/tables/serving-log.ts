import type { DuckDBConnection } from '@duckdb/node-api';

/** What every line of a serving log has (docs/monitoring.md); a table of JSON lines with all of them is one. */
const ownColumns = ['time', 'id', 'model', 'inputs', 'output'];

interface DescribedColumn {
  readonly name: string;
  readonly type: string;
  readonly cell: string;
}

/**
 * The columns of a serving log as those of a table: each input by its own name, and each part of an output that has parts; else the
 * output as it is. A name that the log itself has stays its own: such an input is `inputs.time`.
 * @param from what a query reads the log by
 * @param columns as they are in the file
 * @returns the same columns where it is no serving log
 */
export async function logColumns(
  db: DuckDBConnection,
  from: string,
  columns: readonly DescribedColumn[],
): Promise<DescribedColumn[]> {
  const isLog =
    ownColumns.every((name) => columns.some((column) => column.name === name)) &&
    columns.some(({ name, type }) => name === 'inputs' && type.startsWith('STRUCT'));
  if (!isLog) return [...columns];
  const taken = new Set(columns.map(({ name }) => name));
  const parts = async ({ name, type, cell }: DescribedColumn): Promise<DescribedColumn[]> => {
    if ((name !== 'inputs' && name !== 'output') || !type.startsWith('STRUCT')) return [{ name, type, cell }];
    const described = await db.runAndReadAll(`SELECT ${cell}.* FROM ${from} LIMIT 0`);
    const types = described.columnTypes();
    return described.columnNames().map((own, at) => {
      const called = taken.has(own) ? `${name}.${own}` : own;
      taken.add(called);
      return {
        name: called,
        type: types[at]?.toString() ?? 'VARCHAR',
        cell: `struct_extract(${cell}, '${own.replaceAll("'", "''")}')`,
      };
    });
  };
  const found: DescribedColumn[] = [];
  for (const column of columns) found.push(...(await parts(column)));
  return found;
}
