export { choosePlace } from './choose-place.ts';
export { createSource, type Source } from './create-source.ts';
export { gitState, withoutCredentials } from './git-state.ts';
export { migrations } from './migrations.ts';
export { GitRefusal, pushRef, remoteRefs } from './remote-refs.ts';
export { programGit } from './program-git.ts';
export { secretsIn } from './secret-content.ts';
export { objectReferences, snapshotOf } from './snapshot-records.ts';
export { takeSnapshots } from './take-snapshot.ts';
