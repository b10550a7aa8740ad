export { unknownLabel } from './classified-rows.ts';
export { estimatePerformance, type PerformanceSide } from './estimate-performance.ts';
export { joinLabels, type JoinedLabels } from './late-labels.ts';
