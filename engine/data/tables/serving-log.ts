import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, rowsOf } from './load-table.ts';

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
    const described = await rowsOf(db, `DESCRIBE SELECT ${cell}.* FROM ${from}`);
    return described.map(([part, partType]) => {
      const own = String(part);
      const called = taken.has(own) ? `${name}.${own}` : own;
      taken.add(called);
      return { name: called, type: String(partType), cell: `${cell}.${identifier(own)}` };
    });
  };
  const found: DescribedColumn[] = [];
  for (const column of columns) found.push(...(await parts(column)));
  return found;
}
