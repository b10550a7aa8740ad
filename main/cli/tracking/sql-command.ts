import { readFileSync } from 'node:fs';
import type { SqlResult } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';
import { writeOut } from '../write-out.ts';

export interface SqlOptions {
  readonly home: string;
  readonly csv?: boolean;
  readonly json?: boolean;
  readonly limit: number;
  readonly timeout: number;
}

/** `benchtop sql`: one query over the documented views, as a table, CSV or JSON. `-` reads the query from stdin. */
export async function sqlCommand(query: string, options: SqlOptions): Promise<void> {
  const text = query === '-' ? readFileSync(0, 'utf8') : query;
  await withEngine(options.home, async (engine) => {
    const result = await engine.api.sql.query({
      query: text,
      limit: options.limit,
      timeoutMs: options.timeout,
    });
    await writeOut(`${options.json ? jsonOf(result) : options.csv ? csvOf(result) : tableOf(result)}\n`);
    if (result.isTruncated) console.error(`The first ${result.rows.length} rows; --limit gives more.`);
  });
}

const jsonOf = ({ columns, rows }: SqlResult) =>
  jsonText(rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null]))));

const tableOf = ({ columns, rows }: SqlResult) =>
  textColumns([columns, ...rows.map((row) => row.map((cell) => cellText(cell)))]).join('\n');
const cellText = (cell: string | number | null) =>
  cell === null ? '' : String(cell).replaceAll(/[\n\r\t]/g, ' ');

/** As in RFC 4180. */
const csvOf = ({ columns, rows }: SqlResult) =>
  [columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n');

function csvCell(cell: string | number | null): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
