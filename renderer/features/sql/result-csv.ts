import type { SqlResult } from '../../../contract/index.ts';

/** A result as CSV (RFC 4180), with a header. */
export function resultCsv({ columns, rows }: SqlResult): string {
  return [columns, ...rows].map((row) => row.map(cellCsv).join(',')).join('\r\n');
}

function cellCsv(cell: string | number | null): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
