import { filterTokens, isWord, type Token } from './filter-tokens.ts';
import { invalid } from './mlflow-error.ts';
import { readTexts } from './python-literal.ts';
import { reprString } from './python-text.ts';

/** `identifier comparator value` as it stands in a filter, before anybody says which identifiers there are. */
export interface RawComparison {
  /** With its dots and quotes. */
  readonly identifier: string;
  /** In capitals. */
  readonly comparator: string;
  readonly value: RawValue;
  readonly place: Place;
}

/** A part of a filter, in UTF-16 units. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** What a filter consists of, before anybody says what it may. */
export interface Clauses {
  readonly comparisons: readonly RawComparison[];
  /** What is no comparison. A word is a single name, text or number. */
  readonly others: readonly { readonly text: string; readonly place: Place; readonly isWord: boolean }[];
  /** Comparisons of `metrics.val/loss` without backticks. */
  readonly operations: readonly RawComparison[];
}

export type RawValue =
  | { readonly kind: 'text' | 'identifier' | 'integer' | 'float' | 'null'; readonly text: string }
  | { readonly kind: 'list'; readonly text: string }
  | { readonly kind: 'none' };

/**
 * MLflow's grammar of filters: comparisons joined by AND. A comparison is `identifier = value` (or !=, <, <=, >, >=, LIKE,
 * ILIKE), `identifier [NOT] IN (values)` or `identifier IS [NOT] NULL`.
 * @param refuse makes the error for the clauses that are none, or for a filter of blanks, where there are no clauses at
 *   all; each search of MLflow words it otherwise.
 * @param takesOperations whether `metrics.val/loss` may go without backticks; only the search of logged models lets it.
 */
export function parseFilter(
  filter: string,
  refuse: (clauses: readonly string[]) => Error = (clauses) =>
    clauses.length === 0
      ? notParsed(filter)
      : invalid(`Invalid clause(s) in filter string: ${clauses.join(', ')}`),
  takesOperations = false,
): RawComparison[] {
  if (filter === '') return [];
  const tokens = filterTokens(filter);
  if (tokens.length === 0) throw refuse([]);
  const semicolon = tokens.findIndex((token) => token.kind === 'semicolon');
  if (semicolon >= 0 && semicolon < tokens.length - 1)
    throw invalid(
      `Search filter contained multiple expression ${reprString(filter)}. Provide AND-ed expression list.`,
    );
  const { comparisons, others, operations } = clausesOf(filter);
  if (others.length > 0) throw refuse(others.map(({ text }) => text));
  if (operations.length > 0 && !takesOperations)
    throw invalid(`Invalid comparison clause. Expected 'Identifier' found '${operations[0]?.identifier}'`);
  return [...comparisons];
}

/** Cuts a filter into comparisons and what is none; never fails. */
export function clausesOf(filter: string): Clauses {
  const tokens = filterTokens(filter);
  const comparisons: RawComparison[] = [];
  const others: { text: string; place: Place; isWord: boolean }[] = [];
  const operations: RawComparison[] = [];
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at];
    if (token === undefined) break;
    if (isWord(token, 'AND')) {
      at++;
      continue;
    }
    const isName = token.kind === 'identifier' || token.kind === 'operation';
    const found = isName ? comparisonAt(filter, tokens, at) : null;
    if (found !== null) {
      const last = tokens[found.next - 1] ?? token;
      const comparison = { ...found.comparison, place: placeOf(token, last) };
      if (token.kind === 'operation') operations.push(comparison);
      comparisons.push(comparison);
      at = found.next;
      continue;
    }
    const end = token.kind === 'open' ? closing(tokens, at) : at;
    const place = placeOf(token, tokens[end] ?? token);
    const text = filter.slice(place.offset, place.offset + place.length);
    const isWordAlone = ['identifier', 'operation', 'text', 'integer', 'float'].includes(token.kind);
    others.push({ text, place, isWord: isWordAlone });
    at = end + 1;
  }
  return { comparisons, others, operations };
}

const placeOf = (first: Token, last: Token): Place => ({
  offset: first.start,
  length: last.start + last.text.length - first.start,
});

/** A list is for IN and NOT IN only; what MLflow makes of another comparator its database refuses. */
export function refuseListFor(comparator: string, value: unknown): void {
  if (Array.isArray(value) && comparator !== 'IN' && comparator !== 'NOT IN')
    throw invalid(`Invalid comparator for a list of values: ${comparator}`);
}

/** The refusal of a filter that has no word in it. */
export const notParsed = (filter: string): Error =>
  invalid(`Invalid filter '${filter}'. Could not be parsed.`);

function comparisonAt(
  filter: string,
  tokens: readonly Token[],
  at: number,
): { comparison: Omit<RawComparison, 'place'>; next: number } | null {
  const identifier = tokens[at]?.text ?? '';
  const [second, third, fourth] = [tokens[at + 1], tokens[at + 2], tokens[at + 3]];
  const made = (comparator: string, value: RawValue, next: number) => ({
    comparison: { identifier, comparator, value },
    next,
  });
  if (isWord(second, 'IS')) {
    if (isWord(third, 'NULL')) return made('IS NULL', { kind: 'none' }, at + 3);
    // As in MLflow, NOT NULL is one word with one blank in it.
    const isNotNull =
      isWord(third, 'NOT') && isWord(fourth, 'NULL') && fourth?.start === (third?.start ?? 0) + 4;
    if (isNotNull) return made('IS NOT NULL', { kind: 'none' }, at + 4);
    return null;
  }
  if (isWord(second, 'NOT') && isWord(third, 'IN')) {
    const list = listAt(filter, tokens, at + 3);
    return list === null ? null : made('NOT IN', list.value, list.next);
  }
  if (isWord(second, 'NOT') && (isWord(third, 'LIKE') || isWord(third, 'ILIKE'))) {
    const value = fourth === undefined ? null : textAt(fourth);
    return value === null
      ? null
      : made(
          filter.slice(second?.start, (third?.start ?? 0) + (third?.text.length ?? 0)).toUpperCase(),
          value,
          at + 4,
        );
  }
  const isComparator =
    second?.kind === 'comparator' || ['LIKE', 'ILIKE', 'RLIKE', 'IN'].some((word) => isWord(second, word));
  if (second === undefined || !isComparator) return null;
  const comparator = second.text.toUpperCase();
  const list = listAt(filter, tokens, at + 2);
  if (list !== null) return made(comparator, list.value, list.next);
  if (third === undefined || comparator === 'IN') return null;
  const value = textAt(third);
  return value === null ? null : made(comparator, value, at + 3);
}

const textAt = ({ kind, text }: Token): RawValue | null =>
  kind === 'identifier' && text.toUpperCase() === 'NULL'
    ? { kind: 'null', text }
    : kind === 'text' || kind === 'identifier' || kind === 'integer' || kind === 'float'
      ? { kind, text }
      : null;

function listAt(
  filter: string,
  tokens: readonly Token[],
  at: number,
): { value: RawValue; next: number } | null {
  const open = tokens[at];
  if (open?.kind !== 'open') return null;
  const end = closing(tokens, at);
  const close = tokens[end];
  if (close?.kind !== 'close') return null;
  const text = filter.slice(open.start, close.start + 1);
  return { value: { kind: 'list', text }, next: end + 1 };
}

/** The position of the bracket that closes the one at `at`, or of the last token. */
function closing(tokens: readonly Token[], at: number): number {
  let depth = 0;
  for (let index = at; index < tokens.length; index++) {
    if (tokens[index]?.kind === 'open') depth++;
    if (tokens[index]?.kind === 'close' && --depth === 0) return index;
  }
  return tokens.length - 1;
}

/** The texts of a list value, at least one. */
export function listItems(value: RawValue & { kind: 'list' }): string[] {
  const parsing = 'While parsing a list in the query,';
  const read = readTexts(value.text);
  if (read === 'empty')
    throw invalid(`${parsing} expected a non-empty list of string values, but got empty list`);
  if (read === 'ill-formed')
    throw invalid(`${parsing} expected a non-empty list of string values, but got ill-formed list.`);
  if (read === 'not texts')
    throw invalid(
      // One value in brackets is shown as Python shows a tuple of one.
      `${parsing} expected string value, punctuation, or whitespace, but got different type in list: ${value.text.replace(/^([^,]*)\)$/, '$1,)')}`,
    );
  return read;
}

/** A text in single or double quotes, without them. */
export function quotedText(text: string): string {
  if (isQuoted(text, "'") || isQuoted(text, '"')) return text.slice(1, -1);
  throw invalid(
    `Parameter value is either not quoted or unidentified quote types used for string value ${text}. Use either single or double quotes.`,
  );
}

/** An identifier's name without the quotes or backticks around it. */
export function bareName(text: string): string {
  const unquoted = isQuoted(text, "'") || isQuoted(text, '"') ? text.slice(1, -1) : text;
  return isQuoted(unquoted, '`') ? unquoted.slice(1, -1) : unquoted;
}

/** `type.name` cut at the first dot; without a dot there is no type. */
export function splitIdentifier(identifier: string): { type: string | null; name: string } {
  const dot = identifier.indexOf('.');
  return dot < 0
    ? { type: null, name: identifier }
    : { type: identifier.slice(0, dot), name: identifier.slice(dot + 1) };
}

const isQuoted = (text: string, quote: string): boolean =>
  text.length >= 2 && text.startsWith(quote) && text.endsWith(quote);

/** A set as Python writes it; the order of its items is arbitrary there. */
export const setText = (items: readonly string[]): string =>
  `{${items.map((item) => `'${item}'`).join(', ')}}`;
