export { choosePlace } from './choose-place.ts';
export { createSource, type Source } from './create-source.ts';
export { gitState, withoutCredentials } from './git-state.ts';
export { isCommitted } from './is-committed.ts';
export { migrations } from './migrations.ts';
export { programGit } from './program-git.ts';
export { secretsIn } from './secret-content.ts';
export { objectReferences } from './snapshot-records.ts';
export { takeSnapshots } from './take-snapshot.ts';
