import { z } from 'zod';
import { linesOf } from './lines-of.ts';
import type { FileFormat, Row } from './row.ts';
import { clockMs, isClock, isCounter, stepColumn } from './step-names.ts';

const maxColumns = 500;
const csvState = z.object({
  separator: z.string(),
  names: z.array(z.string()),
  /** The greatest step so far, null before the first: a log never goes back, a table of data does. */
  step: z.number().nullable(),
});

/**
 * A table of measures with a heading, as Keras' CSVLogger, Lightning's metrics.csv, YOLO's results.csv and
 * Stable-Baselines' progress.csv have it: one column counts (step, epoch, …) and never falls, cells may be empty.
 */
export const csvLog: FileFormat = {
  isWritten: 'by appending',
  read(bytes, saved) {
    const { lines, usedBytes } = linesOf(bytes);
    const restored = csvState.safeParse(saved);
    let state = restored.success ? restored.data : null;
    const rows: Row[] = [];
    for (const line of lines) {
      if (line.trim() === '') continue;
      if (state === null) {
        state = headingOf(line);
        if (state === null) return null;
        continue;
      }
      const row = rowOf(cellsOf(line, state.separator), state.names);
      if (row === null || row.step < (state.step ?? row.step)) return null;
      state = { ...state, step: row.step };
      if (row.values.length > 0) rows.push(row);
    }
    return { usedBytes, rows, state };
  },
};

function headingOf(line: string): z.infer<typeof csvState> | null {
  const separator = [',', '\t', ';'].find((mark) => line.includes(mark));
  if (separator === undefined) return null;
  const names = cellsOf(line, separator).map((name) => name.trim());
  const isHeading = names.length <= maxColumns && names.every((name) => !isNumber(name));
  return isHeading && stepColumn(names) >= 0 ? { separator, names, step: null } : null;
}

/** Null for a row without a whole number where it should be counted. */
function rowOf(cells: readonly string[], names: readonly string[]): Row | null {
  const counter = cells[stepColumn(names)]?.trim() ?? '';
  const step = Number(counter);
  if (counter === '' || !Number.isSafeInteger(step)) return null;
  let timeMs: number | null = null;
  const values: [string, number][] = [];
  names.forEach((name, column) => {
    const cell = cells[column]?.trim() ?? '';
    if (name === '' || !isNumber(cell)) return;
    const value = numberOf(cell);
    if (isClock(name)) timeMs ??= clockMs(value);
    else if (!isCounter(name)) values.push([name, value]);
  });
  return { step, timeMs, values };
}

const notFinite: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Infinity,
  infinity: Infinity,
  '-inf': -Infinity,
  '-infinity': -Infinity,
};
const isNumber = (cell: string) =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) || Object.hasOwn(notFinite, cell.toLowerCase());
const numberOf = (cell: string) => notFinite[cell.toLowerCase()] ?? Number(cell);

/** The cells of one line; quotes around a cell may hold separators, and doubled quotes stand for one. */
function cellsOf(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (character === '"' && isQuoted && line[at + 1] === '"') cell += line[++at] ?? '';
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}
