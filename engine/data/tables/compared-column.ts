import { BenchtopError, type DriftTest } from '../../../contract/index.ts';
import {
  categoryEvidence,
  numberEvidence,
  textEvidence,
  type ComparedColumn,
  type SideCounts,
} from '../../drift/index.ts';
import { sortNumbers, type CountPair } from '../../statistics/index.ts';
import { kindOf } from './column-kind.ts';
import { categoriesAtMost, type ColumnSource } from './column-source.ts';

/** A column of both tables. */
export interface SharedColumn {
  readonly name: string;
  readonly reference: ColumnSource;
  readonly current: ColumnSource;
}

/** Numbers with so few different values are compared as categories: codes, grades, days of the week. */
const fewNumbers = 10;
/** The most frequent words of both sides together are held against each other. */
const wordsAtMost = 200;

/** True where both tables hold numbers. */
export const hasNumbers = ({ reference, current }: SharedColumn): boolean =>
  kindOf(reference.type) === 'numbers' && kindOf(current.type) === 'numbers';

/**
 * Compares a column of both tables as what it is.
 * @param numbers of one that has numbers
 * @throws {BenchtopError} `invalid-input` for a test that does not fit.
 */
export async function comparedColumn(
  column: SharedColumn,
  numbers: CountPair | null,
  test: DriftTest | undefined,
): Promise<ComparedColumn> {
  if (numbers !== null) return comparedNumbers(column, numbers, test);
  const kind = kindOf(column.reference.type);
  const currentKind = kindOf(column.current.type);
  if (kind === currentKind && kind !== 'times') return comparedWords(column, test);
  const counted = withCounts(
    column,
    await column.reference.filledCount(),
    await column.current.filledCount(),
  );
  return {
    ...counted,
    found: {
      why:
        kind === currentKind
          ? 'a time moves on by itself'
          : (emptySide(counted) ??
            `it holds ${kind} in the reference and ${currentKind} in the current data`),
    },
  };
}

/** The column with how many cells of each side hold something. */
function withCounts(
  { name, reference, current }: SharedColumn,
  n: number,
  m: number,
): Omit<ComparedColumn, 'found'> {
  const side = ({ type, rowCount }: ColumnSource, filled: number): SideCounts => ({
    type,
    rowCount,
    missingCount: rowCount - filled,
  });
  return { name, reference: side(reference, n), current: side(current, m) };
}

/** Says that a side has no value; null where both have some. */
function emptySide({ reference, current }: Omit<ComparedColumn, 'found'>): string | null {
  const isEmpty = ({ rowCount, missingCount }: SideCounts) => rowCount === missingCount;
  if (isEmpty(reference))
    return isEmpty(current) ? 'neither side has a value of it' : 'the reference has no value of it';
  return isEmpty(current) ? 'the current data have no value of it' : null;
}

function comparedNumbers(
  column: SharedColumn,
  { reference, current }: CountPair,
  test: DriftTest | undefined,
): ComparedColumn {
  const { name } = column;
  const counted = withCounts(column, reference.length, current.length);
  const why = emptySide(counted);
  if (why !== null) return { ...counted, found: { why } };
  const isCategories = test === 'chi-square' || test === 'two-proportion';
  const [before, now] = [reference, current].map((side) =>
    fewCounts(side, isCategories ? categoriesAtMost : fewNumbers),
  );
  if (before && now && (test === undefined || isCategories))
    return {
      ...counted,
      found: categoryEvidence({ reference: before, current: now }, test ?? 'chi-square'),
    };
  if (isCategories) throw unfit(name, test, `it has more than ${categoriesAtMost} different numbers`);
  if (isIdentifier(column.reference, reference) && isIdentifier(column.current, current))
    return { ...counted, found: { why: 'an identifier: a whole number, and another one in every row' } };
  return { ...counted, found: numberEvidence({ reference, current }, test ?? null) };
}

/** How often each number comes, as long as there are few; null when there are more. */
function fewCounts(values: Float64Array, atMost: number): Map<string, number> | null {
  const counts = new Map<number, number>();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size > atMost) return null;
  }
  return new Map([...counts].map(([value, count]) => [String(value), count]));
}

/** The first rows tell of most columns that they repeat themselves. */
const firstRows = 1000;

function isIdentifier({ type }: ColumnSource, values: Float64Array): boolean {
  const first = values.subarray(0, firstRows);
  if (!/INT/.test(type) || values.length < 2 || new Set(first).size < first.length) return false;
  const sorted = values.slice();
  sortNumbers(sorted, new Float64Array(sorted.length));
  return sorted.every((value, at) => at === 0 || value !== sorted[at - 1]);
}

async function comparedWords(column: SharedColumn, test: DriftTest | undefined): Promise<ComparedColumn> {
  const { name, reference, current } = column;
  if (test === 'anderson-darling' || test === 'kolmogorov-smirnov' || test === 'cramer-von-mises')
    throw unfit(name, test, 'it holds no numbers');
  const before = await reference.counts();
  const now = await current.counts();
  const filled = async (side: ColumnSource, counts: ReadonlyMap<string, number> | null) =>
    counts === null ? side.filledCount() : [...counts.values()].reduce((sum, count) => sum + count, 0);
  const [n, m] = [await filled(reference, before), await filled(current, now)];
  const counted = withCounts(column, n, m);
  const why = emptySide(counted);
  if (why !== null) return { ...counted, found: { why } };
  const distinct = before === null || now === null ? null : new Set([...before.keys(), ...now.keys()]).size;
  const isText = distinct === null || (test === undefined && distinct > (n + m) / 2);
  if (!isText && before !== null && now !== null)
    return { ...counted, found: categoryEvidence({ reference: before, current: now }, test ?? 'chi-square') };
  if (test !== undefined) throw unfit(name, test, `it has more than ${categoriesAtMost} different values`);
  const words = frequentWords(await reference.words(), await current.words());
  return {
    ...counted,
    found: textEvidence(
      { lengths: await reference.lengths(), words: words.reference },
      { lengths: await current.lengths(), words: words.current },
    ),
  };
}

/** The words that are most frequent in both sides together; of words as frequent the first by the alphabet. */
function frequentWords(reference: ReadonlyMap<string, number>, current: ReadonlyMap<string, number>) {
  const inBoth = (word: string) => (reference.get(word) ?? 0) + (current.get(word) ?? 0);
  const words = [...new Set([...reference.keys(), ...current.keys()])]
    .map((word) => ({ word, count: inBoth(word) }))
    .toSorted((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
    .slice(0, wordsAtMost);
  const of = (side: ReadonlyMap<string, number>) =>
    new Map(words.map(({ word }) => [word, side.get(word) ?? 0]));
  return { reference: of(reference), current: of(current) };
}

const unfit = (name: string, test: DriftTest | undefined, why: string) =>
  new BenchtopError({
    code: 'invalid-input',
    what: `The test ${test} does not fit the column "${name}": ${why}.`,
    next: 'Numbers take anderson-darling, kolmogorov-smirnov and cramer-von-mises; what has few different values chi-square and two-proportion.',
  });
