import { fourDigits } from '../../contract/index.ts';
import {
  andersonDarlingTest,
  compareSorted,
  countDistances,
  cramerVonMisesP,
  equalPairs,
  kolmogorovSmirnovP,
  sortNumbers,
  summarisePair,
  type CountPair,
  type PairSummary,
} from '../statistics/index.ts';
import { changeText, toldDistances, type ColumnEvidence } from './column-evidence.ts';

/** Tests of numbers. */
export type NumberTest = 'anderson-darling' | 'kolmogorov-smirnov' | 'cramer-von-mises';

/** With more values on a side a shift that matters is seen by any test, and sorting costs more than it tells. */
const sortedAtMost = 10_000;
/** Anderson and Darling's limit is that of values that differ: with more pairs of equal ones it would tell too often. */
const equalPairsAtMost = 0.003;

/**
 * What two samples of numbers say of each other. The shift is Kolmogorov and Smirnov's distance: the largest difference of the shares
 * up to some value, which is the least share of rows that must have moved. Its mean with no drift is √(π/2) ln 2 √(1/n + 1/m)
 * (Marsaglia, Tsang and Wang, 2003, for the limit).
 * @param pair in any order and without NaN, neither empty
 * @param asked null for the usual test: Anderson and Darling's of up to 10,000 values a side that hardly come twice, which of a shift of
 * the mean or of the spread sees most (bench/false-alarms), else Kolmogorov and Smirnov's
 */
export function numberEvidence(pair: CountPair, asked: NumberTest | null): ColumnEvidence {
  const [n, m] = [pair.reference.length, pair.current.length];
  const summary = summarisePair(pair);
  return {
    kind: 'numbers',
    test: testOf(pair, summary, asked),
    moved: summary.distance,
    byChance: Math.sqrt(Math.PI / 2) * Math.LN2 * Math.sqrt(1 / n + 1 / m),
    about: aboutNumbers(summary),
    distances: toldDistances(countDistances(summary.counts), summary.wasserstein),
    bins: {
      labels: [...summary.deciles].map(String),
      reference: [...summary.counts.reference],
      current: [...summary.counts.current],
    },
    histogram: told(summary.histogram),
  };
}

function testOf(
  pair: CountPair,
  { distance }: PairSummary,
  asked: NumberTest | null,
): ColumnEvidence['test'] {
  const [n, m] = [pair.reference.length, pair.current.length];
  const byDistance = () => ({
    name: 'kolmogorov-smirnov',
    statistic: distance,
    p: kolmogorovSmirnovP(distance, n, m),
  });
  if (asked === 'kolmogorov-smirnov' || (asked === null && Math.max(n, m) > sortedAtMost))
    return byDistance();
  const sorted = sortedPair(pair);
  if (asked === 'cramer-von-mises') {
    const compared = compareSorted(sorted);
    return { name: asked, statistic: compared.cramerVonMises, p: cramerVonMisesP(compared, n, m) };
  }
  if (asked === null && equalPairs(sorted) > equalPairsAtMost) return byDistance();
  return { name: 'anderson-darling', ...andersonDarlingTest(sorted) };
}

function sortedPair({ reference, current }: CountPair): CountPair {
  const sorted = { reference: reference.slice(), current: current.slice() };
  const spare = new Float64Array(Math.max(reference.length, current.length));
  sortNumbers(sorted.reference, spare);
  sortNumbers(sorted.current, spare);
  return sorted;
}

const told = (found: PairSummary['histogram']): ColumnEvidence['histogram'] =>
  found && {
    edges: [...found.edges],
    reference: [...found.counts.reference],
    current: [...found.counts.current],
  };

function aboutNumbers({ at, upTo, median }: PairSummary): string {
  if (Number.isNaN(at)) return 'the values are the same on both sides';
  return `the share up to ${fourDigits(at)} ${changeText(upTo.reference, upTo.current)}; the median went from ${fourDigits(median.reference)} to ${fourDigits(median.current)}`;
}
