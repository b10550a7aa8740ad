export { migrations } from './migrations.ts';
export {
  deleteModelVersion,
  describeVersion,
  insertModelVersion,
  modelVersion,
  moveToStage,
  removeVersionTag,
  setVersionTag,
  stages,
  versionsOfRun,
  type ModelVersion,
  type Stage,
} from './model-versions.ts';
export {
  queries,
  type ModelOrderKey,
  type ModelQuery,
  type VersionField,
  type VersionOrderKey,
  type VersionQuery,
} from './queries.ts';
export {
  changeRegisteredModel,
  deleteRegisteredModel,
  insertRegisteredModel,
  registeredModel,
  removeAlias,
  removeModelTag,
  renameRegisteredModel,
  setAlias,
  setModelTag,
  type RegisteredModel,
} from './registered-models.ts';
