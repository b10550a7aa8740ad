export { createGates, type Gates } from './create-gates.ts';
export { latestEvaluated, objectReferences } from './gate-records.ts';
export { modelSample } from './model-sample.ts';
export { migrations } from './migrations.ts';
