export { adjustedP } from './adjusted-p.ts';
export { orderedNumbers, pearsonCorrelation, spearmanCorrelation } from './association/correlation.ts';
export { cramersV } from './association/cramers-v.ts';
export { bootstrapInterval, type BootstrapSettings, type Resampled } from './bootstrap-interval.ts';
export {
  isLowerBetter,
  numberMetrics,
  qualityMetric,
  qualityMetrics,
  type Answers,
  type QualityMetric,
} from './metrics/quality-metric.ts';
export type { RowMetric } from './metrics/row-metric.ts';
export { accuracy, classScore, confusionMetric } from './metrics/confusion-metric.ts';
export { rankMetric } from './metrics/rank-metric.ts';
export { pairedDifference } from './paired-difference.ts';
export { chiSquareTail } from './distributions/gamma-tail.ts';
export { normalQuantile } from './distributions/normal-distribution.ts';
export { andersonDarlingTest, equalPairs } from './two-sample/anderson-darling.ts';
export { compareSorted } from './two-sample/compare-sorted.ts';
export { countDistances, sumOf, type CountDistances, type CountPair } from './two-sample/count-distances.ts';
export { chiSquareTest, twoProportionTest } from './two-sample/count-tests.ts';
export { cramerVonMisesP } from './two-sample/cramer-von-mises.ts';
export { kolmogorovSmirnovP } from './two-sample/kolmogorov-smirnov.ts';
export { sortNumbers } from './two-sample/sort-numbers.ts';
export { summarisePair, type PairSummary } from './two-sample/summarise-pair.ts';
export { seededRandom, type SeededRandom } from './seeded-random.ts';
