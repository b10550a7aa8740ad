export {
  entriesBelow,
  fileAt,
  filesBelow,
  isTaken,
  proxiedPath,
  putFileAt,
  removeFilesAt,
  type FileBelow,
} from './artifact-files.ts';
export { artifactsOf } from './artifact-view.ts';
export { binnedRuns, bytesOfRuns, eraseRuns, objectReferences, type BinnedRun } from './erase-runs.ts';
export type { ExperimentAttribute, ExperimentField, ExperimentQuery } from './experiment-query.ts';
export {
  experimentById,
  experimentByName,
  insertExperiment,
  removeExperimentTag,
  renameExperiment,
  setArtifactRoot,
  setExperimentDeleted,
  setExperimentTag,
  type Experiment,
} from './experiments.ts';
export { artifactOriginals, runsWithObject } from './runs-with-object.ts';
export { localBytes, localEntries, localFolder } from './local-artifacts.ts';
export {
  loggedModelAttributes,
  type LoggedModelAttribute,
  type LoggedModelField,
  type LoggedModelQuery,
} from './logged-model-query.ts';
export {
  insertLoggedModel,
  insertModelMetrics,
  loggedModelById,
  markLoggedModelDeleted,
  removeLoggedModelTag,
  setLoggedModelPairs,
  setLoggedModelStatus,
  type LoggedModel,
  type ModelMetric,
} from './logged-models.ts';
export { bucketsBetween, createM4 } from './m4.ts';
export type { HistoryCursor } from './metric-history.ts';
export { migrations } from './migrations.ts';
export { batchOf, type Point, type PointBatch } from './points/point-batch.ts';
export { queries } from './queries.ts';
export { recordedRunById, runStateById, type RecordedRun, type RunState } from './recorded-run.ts';
export { insertDatasetInputs, insertModelLinks, type DatasetInput } from './run-inputs.ts';
export { runArtifacts, type RunArtifact } from './run-artifacts.ts';
export {
  artifactObjects,
  modelLinks,
  modelsLoggedBy,
  modelsReadBy,
  runsWithArtifact,
} from './run-products.ts';
export { runQuery, type WrittenRun } from './run-query.ts';
export type { RunSearch } from './search/find-runs.ts';
export { all } from './search/run-condition.ts';
export type {
  RunAttribute,
  RunComparison,
  RunCondition,
  RunField,
  RunOrderKey,
} from './search/run-condition.ts';
export type { BareRun, RunTimes } from './rows.ts';
export { createTracking, type Recorder, type Tracking, usualName } from './tracking.ts';
export {
  allRunIds,
  changeRun,
  claimRun,
  insertParams,
  insertRun,
  markDeleted,
  removeTags,
  setParent,
  setTags,
} from './writes.ts';
