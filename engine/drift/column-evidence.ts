import type { DriftColumn } from '../../contract/index.ts';
import { chiSquareTest, type CountDistances } from '../statistics/index.ts';

/** What two samples of a column say, before the columns are judged together. */
export interface ColumnEvidence {
  readonly kind: 'numbers' | 'categories' | 'text';
  readonly test: { readonly name: string; readonly statistic: number; readonly p: number };
  readonly moved: number;
  readonly byChance: number;
  /** In a sentence: what changed most. */
  readonly about: string;
  readonly distances: NonNullable<DriftColumn['distances']>;
  readonly bins: NonNullable<DriftColumn['bins']>;
  readonly histogram: DriftColumn['histogram'];
}

/** How many rows a side has, and how many of them have no value. */
export interface SideCounts {
  readonly type: string;
  readonly rowCount: number;
  readonly missingCount: number;
}

/** The distances as a report has them, what is infinite being none. */
export const toldDistances = (
  { jensenShannon, kullbackLeibler, hellinger, populationStability }: CountDistances,
  wasserstein: number | null,
): ColumnEvidence['distances'] => ({
  wasserstein: finite(wasserstein),
  jensenShannon: finite(jensenShannon),
  kullbackLeibler: finite(kullbackLeibler),
  hellinger: finite(hellinger),
  populationStability: finite(populationStability),
});

export const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null;

/** "31 %"; small ones with a digit more. */
export const shareText = (share: number): string => {
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (percent < 0.1) return 'less than 0.1 %';
  return `${percent < 10 || percent > 99 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
};

/** "fell from 31 % to 22 %" */
export const changeText = (before: number, now: number): string =>
  before === now
    ? `stayed at ${shareText(now)}`
    : `${now > before ? 'rose' : 'fell'} from ${shareText(before)} to ${shareText(now)}`;

/**
 * The evidence with that of the empty cells beside it: of two tests the smaller probability counts double (Bonferroni), and of two
 * shifts the larger one is told.
 */
export function withMissing(
  evidence: ColumnEvidence,
  reference: SideCounts,
  current: SideCounts,
): ColumnEvidence {
  if (reference.missingCount + current.missingCount === 0) return evidence;
  const of = ({ rowCount, missingCount }: SideCounts) =>
    Float64Array.of(missingCount, rowCount - missingCount);
  const test = chiSquareTest({ reference: of(reference), current: of(current) });
  const before = reference.missingCount / reference.rowCount;
  const now = current.missingCount / current.rowCount;
  const isLarger = Math.abs(now - before) > evidence.moved;
  return {
    ...evidence,
    test: {
      name: `${evidence.test.name}+missing`,
      statistic: evidence.test.statistic,
      p: Math.min(1, 2 * Math.min(evidence.test.p, test.p)),
    },
    moved: Math.max(evidence.moved, Math.abs(now - before)),
    about: isLarger ? `the share of empty cells ${changeText(before, now)}` : evidence.about,
  };
}
