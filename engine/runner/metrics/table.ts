import { kindOfName } from './vocabulary.ts';

const column = /^[A-Za-z_][\w@./()%-]*$/;
const cell = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?$|^nan$|^-?inf$/i;
const counter = /^(\d+)\/(\d+)$/;

/** The heading of a table of measures (fastai, YOLO, scikit-learn's `verbose`); null when the line is none. */
export function tableHeading(line: string): string[] | null {
  // Cheapest question first: every line that is no measure comes by here.
  if (/[=:|]/.test(line) || !/\S\s{2,}\S|\t/.test(line)) return null;
  const columns = line
    .trim()
    .split(/\s{2,}|\t/)
    .map((name) => name.trim().replaceAll(' ', '_'));
  if (columns.length < 2 || !columns.every((name) => column.test(name))) return null;
  const isStepped = /^(epoch|iter|iteration|step|round)$/i.test(columns[0] ?? '');
  return isStepped && columns.some((name) => kindOfName(name) === 'metric') ? columns : null;
}

/** A row under a heading: its step and its measures; null when the line does not fit the heading. */
export function tableRow(
  columns: readonly string[],
  line: string,
): { step: number; total: number | null; values: [string, number][] } | null {
  const cells = line
    .replace(/:\s.*$/, '')
    .trim()
    .split(/\s+/);
  if (cells.length < columns.length) return null;
  const count = counter.exec(cells[0] ?? '');
  const step = Number(count?.[1] ?? cells[0]);
  if (!Number.isInteger(step)) return null;
  // A progress bar behind the row shows means that still move, until it is full.
  if (/\d+%\|/.test(line) && !line.includes('100%|')) return null;
  const values: [string, number][] = [];
  for (const [at, name] of columns.entries()) {
    const text = cells[at] ?? '';
    if (at === 0 || !cell.test(text) || kindOfName(name) !== 'metric') continue;
    values.push([name, /nan/i.test(text) ? Number.NaN : Number.parseFloat(text.replace(/inf/i, 'Infinity'))]);
  }
  return values.length === 0 ? null : { step, total: count === null ? null : Number(count[2]), values };
}
