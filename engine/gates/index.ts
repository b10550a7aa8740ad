export { createGates, type Gates } from './create-gates.ts';
export { latestEvaluated, objectReferences } from './gate-records.ts';
export { migrations } from './migrations.ts';
