export { createRegistry, type Registry } from './create-registry.ts';
export { deleteRegisteredModel } from './deleted-models.ts';
export { filesDigest } from './files-digest.ts';
export { appendHistory, type Cause } from './history.ts';
export { migrations } from './migrations.ts';
export {
  deleteModelVersion,
  describeVersion,
  insertModelVersion,
  modelVersion,
  moveToStage,
  newestVersion,
  removeVersionTag,
  setVersionTag,
  versionAtLocation,
  versionsOfLoggedModel,
  versionsOfRun,
  type ModelVersion,
} from './model-versions.ts';
export { promote } from './move-alias.ts';
export { noteVersion } from './note-version.ts';
export {
  queries,
  type ModelOrderKey,
  type ModelQuery,
  type VersionField,
  type VersionOrderKey,
  type VersionQuery,
} from './queries.ts';
export { registeredFiles } from './registered-files.ts';
export {
  describeModel,
  insertRegisteredModel,
  registeredModel,
  removeAlias,
  removeModelTag,
  renameRegisteredModel,
  setAlias,
  setModelTag,
  type RegisteredModel,
} from './registered-models.ts';
export { runsUsing, versionsUsedBy } from './uses.ts';
export { filesAt } from './version-files.ts';
export { modelByName, versionByNumber, versionByReference, versionMeant } from './version-reference.ts';
