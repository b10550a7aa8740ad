export { createGates, type Gates } from './create-gates.ts';
export { objectReferences } from './gate-records.ts';
export { migrations } from './migrations.ts';
