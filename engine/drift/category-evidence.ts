import {
  chiSquareTest,
  countDistances,
  sumOf,
  twoProportionTest,
  type CountPair,
} from '../statistics/index.ts';
import { changeText, shareText, toldDistances, type ColumnEvidence } from './column-evidence.ts';

/** Rarer categories are taken together: with fewer rows to be expected the chi-square distribution does not hold (Cochran, 1954). */
const rowsExpected = 5;
/** Categories that are told one by one. */
const labelsAtMost = 50;
/** What rare ones are called together; no name of a file is empty like this. */
const others = '(others)';

interface Category {
  readonly name: string;
  readonly reference: number;
  readonly current: number;
}

/**
 * What two samples of categories say of each other. The shift is the share of rows that must have taken another category (total
 * variation). With no drift it is on average half the sum, over the categories, of √(2/π) times the standard error of the difference of
 * their shares: the mean of the absolute value of a normal variable.
 */
export function categoryEvidence(
  counts: { readonly reference: ReadonlyMap<string, number>; readonly current: ReadonlyMap<string, number> },
  test: 'chi-square' | 'two-proportion',
): ColumnEvidence {
  const all = [...new Set([...counts.reference.keys(), ...counts.current.keys()])].map((name) => ({
    name,
    reference: counts.reference.get(name) ?? 0,
    current: counts.current.get(name) ?? 0,
  }));
  const categories = withoutRare(all);
  const pair = pairOf(categories);
  const [n, m] = [sumOf(pair.reference), sumOf(pair.current)];
  const errors = categories.map(({ reference, current }) => {
    const pooled = (reference + current) / (n + m);
    return Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  });
  const distances = countDistances(pair);
  const told = categories.length > labelsAtMost ? pooledFrom(categories, labelsAtMost - 1) : categories;
  const [first] = categories;
  const result =
    test === 'two-proportion' && first !== undefined
      ? twoProportionTest({ hits: first.reference, of: n }, { hits: first.current, of: m })
      : chiSquareTest(pair);
  return {
    kind: 'categories',
    test: { name: test, ...result },
    moved: distances.moved,
    byChance: (Math.sqrt(2 / Math.PI) * errors.reduce((sum, error) => sum + error, 0)) / 2,
    about: aboutCategories(categories, n, m),
    distances: toldDistances(distances, null),
    bins: {
      labels: told.map(({ name }) => name),
      reference: told.map(({ reference }) => reference),
      current: told.map(({ current }) => current),
    },
    histogram: null,
  };
}

export const pairOf = (categories: readonly Pick<Category, 'reference' | 'current'>[]): CountPair => ({
  reference: Float64Array.from(categories, ({ reference }) => reference),
  current: Float64Array.from(categories, ({ current }) => current),
});

/** The most frequent first; those of which too few rows are to be expected on either side as one. */
function withoutRare(all: readonly Category[]): Category[] {
  const ordered = all.toSorted(
    (a, b) => b.reference + b.current - a.reference - a.current || (a.name < b.name ? -1 : 1),
  );
  const pair = pairOf(ordered);
  const [n, m] = [sumOf(pair.reference), sumOf(pair.current)];
  const least = (rowsExpected * (n + m)) / Math.min(n, m);
  const kept = ordered.filter(({ reference, current }) => reference + current >= least).length;
  if (kept === ordered.length || ordered.length <= 2) return ordered;
  const pooled = pooledFrom(ordered, kept);
  const last = pooled.at(-1);
  // A rest that is itself too rare goes with the rarest of the others.
  return last !== undefined && last.reference + last.current < least && pooled.length > 2
    ? pooledFrom(ordered, kept - 1)
    : pooled;
}

function pooledFrom(ordered: readonly Category[], from: number): Category[] {
  const pair = pairOf(ordered.slice(from));
  return [
    ...ordered.slice(0, from),
    { name: others, reference: sumOf(pair.reference), current: sumOf(pair.current) },
  ];
}

/** The category whose share changed most. */
function aboutCategories(categories: readonly Category[], n: number, m: number): string {
  const changed = categories.map((category) => ({
    name: category.name,
    before: category.reference / n,
    now: category.current / m,
  }));
  const most = changed.reduce((a, b) => (Math.abs(b.now - b.before) > Math.abs(a.now - a.before) ? b : a));
  const name = most.name === others ? 'the share of rare values' : `the share of "${most.name}"`;
  if (most.before === 0) return `"${most.name}" is new, with ${shareText(most.now)} of the rows`;
  if (most.now === 0) return `"${most.name}" is gone; it had ${shareText(most.before)} of the rows`;
  return `${name} ${changeText(most.before, most.now)}`;
}
