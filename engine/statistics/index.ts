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
export { pairedDifference } from './paired-difference.ts';
