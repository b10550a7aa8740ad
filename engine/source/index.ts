export { createSource, type Source } from './create-source.ts';
export { gitState, withoutCredentials } from './git-state.ts';
export { migrations } from './migrations.ts';
export { objectReferences } from './snapshot-records.ts';
