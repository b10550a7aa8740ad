export { compareCode } from './compare-code.ts';
export { compareData } from './compare-data.ts';
export { createComparison, type Comparison } from './create-comparison.ts';
