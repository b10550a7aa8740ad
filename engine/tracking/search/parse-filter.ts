import { comparators, type Comparator } from '../../store/index.ts';
import { filterProblem } from './filter-problem.ts';
import { filterTokens, type FilterToken } from './filter-tokens.ts';
import { fieldWords, namedField } from './named-field.ts';
import { all, type RunComparison, type RunCondition, type RunField } from './run-condition.ts';
import { momentOf, numberOf, secondsOf } from './read-value.ts';

/** Deeper brackets are nobody's question, and would grow the stack. */
const maxDepth = 50;

/**
 * Reads the filter of the window and the command line: a superset of MLflow's.
 *
 *     either  := both { OR both }
 *     both    := each { [AND] each }
 *     each    := NOT each | ( either ) | starred | word | "words" | field comparator value
 *              | field [NOT] IN ( value, … ) | field IS [NOT] NULL
 *
 * Words find by their beginning, quoted words as they are. Comparators are = != < <= > >= ~ (contains) LIKE ILIKE.
 * @throws {BenchtopError} `invalid-input` with the place (`at`) in the text.
 */
export function parseFilter(filter: string, nowMs: number): RunCondition {
  const tokens = filterTokens(filter);
  let at = 0;
  let depth = 0;
  const problem = (place: { start: number; end: number }, what: string, next: string) =>
    filterProblem(filter, place, what, next);
  const end = () => ({ start: filter.length, end: filter.length + 1 });
  const here = () => tokens[at] ?? end();
  const isWord = (word: string, ahead = 0): boolean => {
    const token = tokens[at + ahead];
    return token?.kind === 'word' && token.text.toUpperCase() === word;
  };

  function either(): RunCondition {
    const parts = [both()];
    while (isWord('OR')) {
      at++;
      parts.push(both());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'any', of: parts };
  }

  function both(): RunCondition {
    const parts: RunCondition[] = [];
    while (at < tokens.length && tokens[at]?.kind !== 'close' && !isWord('OR')) {
      if (isWord('AND') && parts.length > 0) {
        at++;
        if (at >= tokens.length || tokens[at]?.kind === 'close' || isWord('OR') || isWord('AND')) break;
      }
      parts.push(each());
    }
    if (parts.length === 0 || isLast('AND'))
      throw problem(
        here(),
        'Something is missing here.',
        'Write a word or a comparison on either side of AND, OR and NOT.',
      );
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : all(parts);
  }

  const isLast = (word: string) => tokens[at - 1]?.kind === 'word' && isWord(word, -1);

  function each(): RunCondition {
    if (++depth > maxDepth)
      throw problem(
        here(),
        'The filter is nested too deeply.',
        `At most ${maxDepth} brackets or NOTs in one another.`,
      );
    try {
      if (isWord('NOT')) {
        at++;
        return { kind: 'not', of: each() };
      }
      const token = tokens[at];
      if (token === undefined || token.kind === 'close')
        throw problem(here(), 'Something is missing here.', 'Write a word or a comparison.');
      if (token.kind === 'open') return group(token);
      if (token.kind === 'operator' || token.kind === 'comma')
        throw problem(
          token,
          `Nothing stands before "${token.text}".`,
          'Write the field first, as in: metrics.loss < 0.5',
        );
      if (comparatorFollows()) return comparison(token);
      at++;
      if (token.kind === 'quoted') return { kind: 'words', text: token.text, isPrefix: false };
      if (token.text.toLowerCase() === 'starred')
        return {
          kind: 'compare',
          comparison: { field: { kind: 'attribute', key: 'starred' }, comparator: '=', value: 1 },
        };
      return { kind: 'words', text: token.text, isPrefix: true };
    } finally {
      depth--;
    }
  }

  function group(open: FilterToken): RunCondition {
    at++;
    const inside = either();
    if (tokens[at]?.kind !== 'close')
      throw problem(open, 'This bracket is not closed.', 'Add a ) where the group ends.');
    at++;
    return inside;
  }

  function comparatorFollows(): boolean {
    if (tokens[at + 1]?.kind === 'operator') return true;
    if (isWord('LIKE', 1) || isWord('ILIKE', 1) || (isWord('IN', 1) && tokens[at + 2]?.kind === 'open'))
      return tokens[at + 2] !== undefined;
    if (isWord('NOT', 1)) return isWord('IN', 2) && tokens[at + 3]?.kind === 'open';
    return isWord('IS', 1) && (isWord('NULL', 2) || (isWord('NOT', 2) && isWord('NULL', 3)));
  }

  function comparison(subject: FilterToken): RunCondition {
    const field = subject.kind === 'word' ? namedField(subject.before, subject.name) : null;
    if (field === null)
      throw problem(subject, `There is no field "${subject.text}".`, `Compare ${fieldWords}.`);
    at++;
    const operator = tokens[at] ?? subject;
    const made = (comparator: Comparator, value: RunComparison['value']): RunCondition => ({
      kind: 'compare',
      comparison: { field, comparator, value },
    });
    if (isWord('IS')) {
      const comparator = isWord('NOT', 1) ? 'IS NOT NULL' : 'IS NULL';
      at += comparator === 'IS NULL' ? 2 : 3;
      return made(comparator, null);
    }
    if (isWord('IN') || isWord('NOT')) {
      const comparator = isWord('IN') ? 'IN' : 'NOT IN';
      at += comparator === 'IN' ? 1 : 2;
      return made(comparator, list(field));
    }
    at++;
    const value = tokens[at];
    if (value === undefined || (value.kind !== 'word' && value.kind !== 'quoted'))
      throw problem(
        value ?? { start: operator.start, end: operator.end },
        `There is nothing to compare ${subject.text} with.`,
        'Write a number, a word or a "quoted text" after it.',
      );
    at++;
    const comparator = comparators.find((known) => known === operator.text.toUpperCase());
    if (comparator === undefined)
      throw problem(
        operator,
        `"${operator.text}" compares nothing.`,
        'Compare with = != < <= > >= ~ LIKE or ILIKE.',
      );
    return made(comparator, valueOf(field, comparator, value, operator));
  }

  function list(field: RunField): (string | number)[] {
    const open = here();
    const values: (string | number)[] = [];
    do {
      at++;
      const token = tokens[at];
      if (token === undefined || (token.kind !== 'word' && token.kind !== 'quoted'))
        throw problem(token ?? open, 'A value is missing in this list.', "Write it as: IN ('one', 'two').");
      values.push(valueOf(field, 'IN', token, token));
      at++;
    } while (tokens[at]?.kind === 'comma');
    if (tokens[at]?.kind !== 'close')
      throw problem(here(), 'This list is not closed.', "Write it as: IN ('one', 'two').");
    at++;
    return values;
  }

  function valueOf(
    field: RunField,
    comparator: Comparator,
    token: FilterToken,
    operator: FilterToken,
  ): string | number {
    const isOrdering = ['<', '<=', '>', '>='].includes(comparator);
    const isPattern = ['LIKE', 'ILIKE', '~'].includes(comparator);
    const kind = kindOf(field);
    if (kind === 'text' || kind === 'pair') {
      const number = kind === 'pair' && token.kind === 'word' && !isPattern ? numberOf(token.text) : null;
      if (number !== null && Number.isFinite(number)) return number;
      if (isOrdering)
        throw problem(
          token,
          kind === 'pair' ? `"${token.text}" is not a number.` : 'A text is neither less nor greater.',
          kind === 'pair'
            ? `Write a number without quotes after ${comparator}, or compare with = or ~.`
            : 'Compare it with =, !=, ~ (contains), LIKE, ILIKE or IN.',
        );
      return field.kind === 'attribute' && field.key === 'state' ? stateOf(token.text) : token.text;
    }
    if (isPattern)
      throw problem(operator, `Numbers are not compared with ${comparator}.`, 'Use =, !=, <, <=, > or >=.');
    const number =
      kind === 'moment'
        ? momentOf(token.text, nowMs)
        : kind === 'seconds'
          ? secondsOf(token.text)
          : token.kind === 'word'
            ? numberOf(token.text)
            : null;
    if (number !== null && !(Number.isNaN(number) && (isOrdering || comparator === 'IN'))) return number;
    throw problem(
      token,
      kind === 'moment'
        ? `"${token.text}" is not a time.`
        : kind === 'seconds'
          ? `"${token.text}" is not a duration.`
          : `"${token.text}" is not a number.`,
      kind === 'moment'
        ? 'Write -7d, -12h, 2026-01-31, 2026-01-31T12:00 or milliseconds since 1970.'
        : kind === 'seconds'
          ? 'Write seconds, or 90s, 5m, 1h30m.'
          : 'Metrics are compared with numbers, nan or inf, without quotes.',
    );
  }

  if (tokens.length === 0) return all([]);
  const condition = either();
  const left = tokens[at];
  if (left !== undefined)
    throw problem(left, `Nothing was opened before this "${left.text}".`, 'Remove it, or quote it.');
  return condition;
}

type ValueKind = 'number' | 'moment' | 'seconds' | 'text' | 'pair';

function kindOf(field: RunField): ValueKind {
  if (field.kind === 'metric') return 'number';
  if (field.kind === 'param' || field.kind === 'tag') return 'pair';
  if (field.kind === 'dataset') return 'text';
  switch (field.key) {
    case 'start_time':
    case 'end_time':
    case 'created_at':
      return 'moment';
    case 'duration':
      return 'seconds';
    case 'starred':
      return 'number';
    default:
      return 'text';
  }
}

/** Statuses are words without case; MLflow's SCHEDULED is queued. */
const stateOf = (text: string) => (text.toLowerCase() === 'scheduled' ? 'queued' : text.toLowerCase());
