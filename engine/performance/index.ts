export { unknownLabel, type ClassifiedRows } from './classified-rows.ts';
export {
  estimatePerformance,
  type LateLabelled,
  type PerformanceFindings,
  type PerformanceSide,
} from './estimate-performance.ts';
export { joinLabels, type JoinedLabels } from './late-labels.ts';
