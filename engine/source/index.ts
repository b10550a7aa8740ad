export { choosePlace } from './choose-place.ts';
export { createSource } from './create-source.ts';
export { gitState } from './git-state.ts';
export { migrations } from './migrations.ts';
export { programGit } from './program-git.ts';
export { objectReferences } from './snapshot-records.ts';
export { takeSnapshot } from './take-snapshot.ts';
