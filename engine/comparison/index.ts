export { createComparison, type ComparePart } from './create-comparison.ts';
export type { PartComparison } from './compare-runs.ts';
