/** A text taken apart into its numbers and what stands between them. */
export interface NumbersInText {
  /** The text with a mark in the place of each number: two texts with the same frame differ in numbers only. */
  readonly frame: string;
  readonly values: Float64Array;
}

const number =
  /(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.])|(?<![\w.])-?(?:NaN|nan|Infinity|inf)(?!\w)/g;

/** Of JSON, CSV and their like. Numbers within words, such as `v2`, belong to the frame. */
export function numbersInText(text: string): NumbersInText {
  const values: number[] = [];
  const frame = text.replaceAll(number, (found) => {
    values.push(numberOf(found));
    return '\0';
  });
  return { frame, values: Float64Array.from(values) };
}

function numberOf(text: string): number {
  const word = text.toLowerCase();
  if (word.endsWith('nan')) return Number.NaN;
  if (word.endsWith('inf') || word.endsWith('infinity'))
    return word.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}
