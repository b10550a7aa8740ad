export { createSource } from './create-source.ts';
export { gitState } from './git-state.ts';
export { migrations } from './migrations.ts';
export { objectReferences } from './snapshot-records.ts';
