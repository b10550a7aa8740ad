export { interpreterPath } from './child-environment.ts';
export { argumentParams, commandBesideParams, programOfCommand } from './argument-params.ts';
export { createRunner } from './create-runner.ts';
export { isOutOfMemory, mayBeginAgain, type RunEnd } from './ending.ts';
export type { Runner } from './runner.ts';
export { removeStrayFolders } from './stray-folders.ts';
