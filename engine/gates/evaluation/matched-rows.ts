import type { ColumnValues } from '../../data/index.ts';
import { Unfit, type EvaluationTask, type HeldOutRows, type PredictedRows } from './evaluation-task.ts';

/** For each held-out row the row of a file of predictions. */
export type RowMap = Uint32Array;

/** A way to say the same of two words: `1` and `1.0`, `True` and `true`. */
export function sameWord(word: string): string {
  const plain = word.trim();
  const asNumber = Number(plain);
  if (plain !== '' && Number.isFinite(asNumber)) return String(asNumber);
  return /^(true|false)$/i.test(plain) ? plain.toLowerCase() : plain;
}

/**
 * Finds the row of each file for every held-out row, by their names or by their places.
 * @throws {Unfit} where a row has no prediction, or a name is there twice.
 */
export function matchedRows({ candidate, champion, heldOut }: EvaluationTask): {
  base: HeldOutRows;
  candidate: RowMap;
  champion: RowMap | null;
} {
  const base = heldOut ?? candidate;
  return {
    base,
    candidate: rowsFor(base, candidate),
    champion: champion === null ? null : rowsFor(base, champion),
  };
}

function rowsFor(base: HeldOutRows, side: PredictedRows): RowMap {
  if (base.ids === null || side.ids === null) {
    if (base.rowCount !== side.rowCount)
      throw new Unfit(
        `The predictions of ${side.whose} have ${side.rowCount} rows, and there are ${base.rowCount} held-out rows.`,
      );
    return Uint32Array.from({ length: base.rowCount }, (_, row) => row);
  }
  const { ids } = side;
  const rowOf = new Map<string, number>();
  for (const [row, code] of ids.codes.entries()) {
    const id = sameWord(ids.words[code] ?? '');
    if (rowOf.has(id)) throw new Unfit(`In the predictions of ${side.whose} the row "${id}" is there twice.`);
    rowOf.set(id, row);
  }
  const { words, codes } = base.ids;
  let missing = 0;
  let first = '';
  const found = Uint32Array.from(codes, (code) => {
    const id = sameWord(words[code] ?? '');
    const row = rowOf.get(id);
    if (row === undefined && missing++ === 0) first = id;
    return row ?? 0;
  });
  if (missing > 0)
    throw new Unfit(
      `${missing} of ${base.rowCount} held-out rows have no prediction of ${side.whose}, such as the row "${first}".`,
    );
  return found;
}

/** A column as words that can be compared, in the order of the held-out rows; null for an empty cell. */
export function wordsAt(column: ColumnValues, rows: RowMap): (string | null)[] {
  if (column.as === 'numbers')
    return Array.from(rows, (row) => {
      const value = column.values[row] ?? Number.NaN;
      return Number.isNaN(value) ? null : String(value);
    });
  const same = column.words.map(sameWord);
  return Array.from(rows, (row) => same[column.codes[row] ?? -1] ?? null);
}

/** A column as numbers, in the order of the held-out rows; NaN for what is none. */
export function numbersAt(column: ColumnValues, rows: RowMap): Float64Array {
  if (column.as === 'numbers') return Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN);
  const numbers = column.words.map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
  return Float64Array.from(rows, (row) => numbers[column.codes[row] ?? -1] ?? Number.NaN);
}
