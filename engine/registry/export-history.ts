import type { HistoryRow } from './history.ts';

const columns = [
  'seq',
  'at_ms',
  'who',
  'via',
  'kind',
  'subject',
  'model',
  'version',
  'item',
  'before_value',
  'after_value',
  'reason',
  'evidence',
  'previous_hash',
  'hash',
] as const satisfies readonly (keyof HistoryRow)[];

/** How the history is written to a file: what comes first, a row, what comes last. */
export interface HistoryFormat {
  readonly begin: (title: string) => string;
  readonly row: (row: HistoryRow) => string;
  readonly end: string;
}

/** RFC 4180, all columns that the hash is made of, so that the chain can be computed again from the file. */
const csv: HistoryFormat = {
  begin: () => `${columns.join(',')}\r\n`,
  row: (row) => `${columns.map((name) => csvCell(row[name])).join(',')}\r\n`,
  end: '',
};

/** An empty cell is what is not there; an empty text is in quotes. */
function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** One page that loads nothing and runs nothing. */
const html: HistoryFormat = {
  begin: (title) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; font: 14px/1.45 system-ui, sans-serif; }
body { margin: 2rem; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; border-bottom: 1px solid #8884; }
th { position: sticky; top: 0; background: Canvas; }
code { font: 12px ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; font: 12px ui-monospace, monospace; max-width: 40rem; }
</style>
<h1>${escaped(title)}</h1>
<p>Each entry holds the hash of the one before it. The last hash, noted elsewhere, shows later that nothing was taken away.</p>
<table>
<thead><tr><th>#<th>when (UTC)<th>who<th>what<th>model<th>before<th>after<th>reason and evidence<th>hash</tr></thead>
`,
  row: (row) =>
    `<tr><td>${row.seq}<td>${cell(new Date(row.at_ms).toISOString().slice(0, 19).replace('T', ' '))}` +
    `<td>${cell(row.who)}<br><small>${cell(row.via)}</small><td>${cell(`${row.kind} ${row.item}`)}` +
    `<td>${cell(row.version === null ? row.model : `${row.model}, version ${row.version}`)}` +
    `<td>${cell(row.before_value)}<td>${cell(row.after_value)}` +
    `<td>${cell(row.reason)}${row.evidence === null ? '' : `<pre>${cell(row.evidence)}</pre>`}` +
    `<td><code>${cell(row.hash)}</code></tr>\n`,
  end: '</table>\n',
};

export const historyFormats = { csv, html } as const;

const cell = (text: string | null) => escaped(text ?? '');
const escaped = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
