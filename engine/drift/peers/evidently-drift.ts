import type { PeerFinding } from '../../../contract/index.ts';
import {
  chiSquareTail,
  compareSorted,
  countDistances,
  kolmogorovSmirnovP,
  sumOf,
  twoProportionTest,
  type CountPair,
} from '../../statistics/index.ts';
import { countPair, numberCounts, wordCounts, type PeerSample } from './peer-sample.ts';

/** The version whose defaults these are (`DataDriftPreset`). */
export const evidentlyVersion = '0.7.23';
/** Of the columns so many must drift before it says so of a data set. */
export const evidentlyShare = 0.5;

/** Whole numbers with at most so many different ones are categories. */
const categoriesOfNumbers = 10;
/** Numbers with at most so many different ones are tested as categories. */
const fewNumbers = 5;
/** Above, distances take the place of tests. */
const rowsTested = 1000;

/**
 * What Evidently says of a column by its defaults: a probability below 0.05 up to 1,000 rows of the reference (Kolmogorov and Smirnov's,
 * chi-square without a correction, with the expected counts from the reference alone, or a test of two shares), above a distance of 0.1
 * (Wasserstein's in standard deviations of the reference, or Jensen and Shannon's to base e). Empty and infinite cells do not count.
 */
export function evidentlyDrift(reference: PeerSample, current: PeerSample): PeerFinding | { why: string } {
  const kind = kindOf(current);
  if (kind === 'text')
    return { why: 'a text: Evidently trains a classifier to tell the sides apart, which is not done here' };
  if (kind === 'unknown') return { why: 'Evidently does not compare true and false with empty cells' };
  if (kind === 'numbers') {
    if (reference.kind !== 'numbers' || current.kind !== 'numbers')
      return { why: 'Evidently stops where numbers stand against words' };
    return ofNumbers(finite(reference.values), finite(current.values));
  }
  const counts = countPair(countsOf(reference), countsOf(current));
  return none(counts) ?? ofCategories(counts);
}

/** The type that it takes a column for, by the current data. */
function kindOf(sample: PeerSample): 'numbers' | 'categories' | 'text' | 'unknown' {
  if (sample.kind === 'numbers')
    return sample.isWhole && new Set(sample.values).size <= categoriesOfNumbers ? 'categories' : 'numbers';
  const counts = wordCounts(sample);
  const filled = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (sample.isBoolean) return filled === sample.codes.length ? 'categories' : 'unknown';
  return counts.size > filled * 0.5 ? 'text' : 'categories';
}

const countsOf = (sample: PeerSample) =>
  sample.kind === 'numbers' ? numberCounts(finite(sample.values)) : wordCounts(sample);

const finite = (values: Float64Array): Float64Array => values.filter((value) => Number.isFinite(value));

function none({ reference, current }: CountPair): { why: string } | null {
  if (sumOf(reference) > 0 && sumOf(current) > 0) return null;
  return { why: 'Evidently stops where a side has no value' };
}

function ofNumbers(reference: Float64Array, current: Float64Array): PeerFinding | { why: string } {
  const counts = () => countPair(numberCounts(reference), numberCounts(current));
  if (reference.length === 0 || current.length === 0)
    return { why: 'Evidently stops where a side has no value' };
  const isFew = hasAtMost(reference, current, fewNumbers);
  if (isFew) return ofCategories(counts());
  const compared = compareSorted({ reference: reference.toSorted(), current: current.toSorted() });
  if (reference.length <= rowsTested) {
    const p = kolmogorovSmirnovP(compared.distance, reference.length, current.length);
    return byTest('K-S p_value', p, p <= 0.05);
  }
  const deviation = Math.max(standardDeviation(reference), 0.001);
  return byDistance('Wasserstein distance (normed)', compared.wasserstein / deviation);
}

function ofCategories(counts: CountPair): PeerFinding {
  const rows = sumOf(counts.reference);
  if (rows > rowsTested)
    return byDistance('Jensen-Shannon distance', countDistances(counts).jensenShannon * Math.sqrt(Math.LN2));
  const [n, m] = [rows, sumOf(counts.current)];
  if (counts.reference.length > 2) {
    let statistic = 0;
    for (const [at, before] of counts.reference.entries()) {
      const expected = (before * m) / n;
      const observed = counts.current[at] ?? 0;
      statistic += (observed - expected) ** 2 / expected;
    }
    const p = chiSquareTail(statistic, counts.reference.length - 1);
    return byTest('chi-square p_value', p, p < 0.05);
  }
  const { p } = twoProportionTest(
    { hits: counts.reference[0] ?? 0, of: n },
    { hits: counts.current[0] ?? 0, of: m },
  );
  return byTest('Z-test p_value', p, p < 0.05);
}

const byTest = (method: string, value: number, isDrifted: boolean): PeerFinding => ({
  method,
  value,
  threshold: 0.05,
  isDrifted,
  chunks: null,
});

const byDistance = (method: string, value: number): PeerFinding => ({
  method,
  value,
  threshold: 0.1,
  isDrifted: value >= 0.1,
  chunks: null,
});

function hasAtMost(reference: Float64Array, current: Float64Array, count: number): boolean {
  const found = new Set<number>();
  for (const side of [reference, current])
    for (const value of side) if (found.add(value).size > count) return false;
  return true;
}

function standardDeviation(values: Float64Array): number {
  const mean = sumOf(values) / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length);
}
