export { compareCode, type RunCode } from './compare-code.ts';
export { compareData } from './compare-data.ts';
export { createComparison, type Comparison } from './create-comparison.ts';
