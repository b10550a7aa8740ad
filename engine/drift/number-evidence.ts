import {
  compareSorted,
  countDistances,
  cramerVonMisesP,
  kolmogorovSmirnovP,
  pairHistogram,
  sortNumbers,
  summarisePair,
  type CountPair,
  type PairSummary,
} from '../statistics/index.ts';
import { changeText, toldDistances, type ColumnEvidence } from './column-evidence.ts';

/**
 * What two samples of numbers say of each other. The shift is Kolmogorov and Smirnov's distance: the largest difference of the shares
 * up to some value, which is the least share of rows that must have moved. Its mean with no drift is √(π/2) ln 2 √(1/n + 1/m)
 * (Marsaglia, Tsang and Wang, 2003, for the limit).
 * @param pair in any order and without NaN, neither empty
 */
export function numberEvidence(
  pair: CountPair,
  test: 'kolmogorov-smirnov' | 'cramer-von-mises',
): ColumnEvidence {
  const [n, m] = [pair.reference.length, pair.current.length];
  const summary = summarisePair(pair);
  return {
    kind: 'numbers',
    test:
      test === 'kolmogorov-smirnov'
        ? { name: test, statistic: summary.distance, p: kolmogorovSmirnovP(summary.distance, n, m) }
        : { name: test, ...cramerVonMises(pair) },
    moved: summary.distance,
    byChance: Math.sqrt(Math.PI / 2) * Math.LN2 * Math.sqrt(1 / n + 1 / m),
    about: aboutNumbers(summary),
    distances: toldDistances(countDistances(summary.counts), summary.wasserstein),
    bins: {
      labels: [...summary.deciles].map(String),
      reference: [...summary.counts.reference],
      current: [...summary.counts.current],
    },
    histogram: histogramOf(pair),
  };
}

function histogramOf(pair: CountPair): ColumnEvidence['histogram'] {
  const found = pairHistogram(pair);
  return (
    found && {
      edges: [...found.edges],
      reference: [...found.counts.reference],
      current: [...found.counts.current],
    }
  );
}

/** This one looks at the rank of every value. */
function cramerVonMises({ reference, current }: CountPair): { statistic: number; p: number } {
  const sorted = { reference: reference.slice(), current: current.slice() };
  const spare = new Float64Array(Math.max(reference.length, current.length));
  sortNumbers(sorted.reference, spare);
  sortNumbers(sorted.current, spare);
  const compared = compareSorted(sorted);
  return {
    statistic: compared.cramerVonMises,
    p: cramerVonMisesP(compared, reference.length, current.length),
  };
}

function aboutNumbers({ at, upTo, median }: PairSummary): string {
  if (Number.isNaN(at)) return 'the values are the same on both sides';
  return `the share up to ${numberText(at)} ${changeText(upTo.reference, upTo.current)}; the median went from ${numberText(median.reference)} to ${numberText(median.current)}`;
}

const numberText = (value: number): string => String(Number(value.toPrecision(4)));
