import type { FindList } from './find-list.ts';

/** What a person looks for. */
export interface LogQuery {
  readonly text: string;
  readonly isRegex: boolean;
  readonly isCaseSensitive: boolean;
}

/** A search through a whole log, as far as it has come. */
export interface LogSearch {
  readonly query: LogQuery;
  setQuery(query: LogQuery): void;
  /** Where the lines with a find begin; the last ones may be missing where there are more than anybody walks through. */
  readonly finds: FindList;
  /** Lines with a find so far. */
  readonly count: number;
  /** Part of the log that was searched, 0 to 1; null when nothing is looked for. */
  readonly searchedShare: number | null;
  /** Why there is no answer, in words. */
  readonly problem: string | null;
}

/**
 * The finds of a query in the text of one line, to be marked: pairs of where each begins and ends. None for an expression that
 * cannot be read.
 */
export function findsInText(
  text: string,
  { text: wanted, isRegex, isCaseSensitive }: LogQuery,
): [number, number][] {
  if (wanted === '') return [];
  const source = isRegex ? wanted : wanted.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  let expression: RegExp;
  try {
    expression = new RegExp(source, isCaseSensitive ? 'gu' : 'giu');
  } catch {
    return []; // still being typed; the search itself says what is wrong with it
  }
  return [...text.slice(0, longestMarked).matchAll(expression)]
    .filter(([found]) => found !== '')
    .map((match) => [match.index, match.index + match[0].length]);
}

/** A costly expression must not stop the window over one endless line. */
const longestMarked = 2000;
