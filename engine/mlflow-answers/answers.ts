import type { Experiment, LoggedModel, RecordedRun } from '../tracking/index.ts';
import type { ModelVersion, RegisteredModel } from '../registry/index.ts';

/** The JSON of MLflow's answers. As in protobuf, an empty list is left out, and so is what was never set. */

type Pairs = readonly (readonly [key: string, value: string])[];

const keyValues = (pairs: Pairs) => pairs.map(([key, value]) => ({ key, value }));
const unlessEmpty = <K extends string, T>(name: K, items: readonly T[]) =>
  items.length === 0 ? {} : { [name]: items };

/** A double as protobuf's JSON has it. */
const doubleJson = (value: number): number | string =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';

export const experimentJson = (experiment: Experiment) => ({
  experiment_id: String(experiment.id),
  name: experiment.name,
  artifact_location: experiment.artifactLocation,
  lifecycle_stage: experiment.isActive ? 'active' : 'deleted',
  last_update_time: experiment.updatedAt,
  creation_time: experiment.createdAt,
  ...unlessEmpty('tags', keyValues(experiment.tags)),
  workspace: 'default',
});

/** MLflow's word for a status. A run that was lost has failed, as far as MLflow can say it. */
const statusWords: Readonly<Record<RecordedRun['status'], string>> = {
  queued: 'SCHEDULED',
  running: 'RUNNING',
  finished: 'FINISHED',
  failed: 'FAILED',
  killed: 'KILLED',
  lost: 'FAILED',
};

export const runInfoJson = (run: RecordedRun) => ({
  run_uuid: run.runId,
  experiment_id: String(run.experiment),
  run_name: run.name,
  user_id: run.userId ?? '',
  status: statusWords[run.status],
  start_time: run.startedAt ?? 0,
  ...(run.endedAt === null ? {} : { end_time: run.endedAt }),
  artifact_uri: run.artifactUri,
  lifecycle_stage: run.isDeleted ? 'deleted' : 'active',
  run_id: run.runId,
});

export const metricJson = (metric: { key: string; value: number; timeMs: number; step: number }) => ({
  key: metric.key,
  value: doubleJson(metric.value),
  timestamp: metric.timeMs,
  step: metric.step,
});

export const runJson = (run: RecordedRun) => ({
  info: runInfoJson(run),
  data: {
    ...unlessEmpty('metrics', run.metrics.map(metricJson)),
    ...unlessEmpty('params', keyValues(run.params)),
    ...unlessEmpty('tags', keyValues(tagsOf(run))),
  },
  inputs: {
    ...unlessEmpty(
      'dataset_inputs',
      run.datasets.map(({ dataset, tags }) => ({
        ...unlessEmpty('tags', keyValues(tags)),
        dataset: {
          name: dataset.name,
          digest: dataset.digest,
          source_type: dataset.sourceType,
          source: dataset.source,
          ...(dataset.schema === null ? {} : { schema: dataset.schema }),
          ...(dataset.profile === null ? {} : { profile: dataset.profile }),
        },
      })),
    ),
    ...unlessEmpty(
      'model_inputs',
      run.modelInputs.map(({ modelId }) => ({ model_id: modelId })),
    ),
  },
  outputs: unlessEmpty(
    'model_outputs',
    run.modelOutputs.map(({ modelId, step }) => ({ model_id: modelId, step: step ?? 0 })),
  ),
});

/** What the window can change is kept once; MLflow knows it as tags as well. */
function tagsOf(run: RecordedRun): Pairs {
  const tags = new Map(run.tags);
  if (tags.has('mlflow.runName') || run.source !== 'mlflow') tags.set('mlflow.runName', run.name);
  if (run.note !== '') tags.set('mlflow.note.content', run.note);
  if (run.parentRunId !== null) tags.set('mlflow.parentRunId', run.parentRunId);
  return [...tags];
}

export const loggedModelJson = (model: LoggedModel) => ({
  info: {
    model_id: model.modelId,
    experiment_id: String(model.experiment),
    name: model.name,
    creation_timestamp_ms: model.createdAt,
    last_updated_timestamp_ms: model.updatedAt,
    artifact_uri: model.artifactLocation,
    status: `LOGGED_MODEL_${model.status === 'unspecified' ? 'STATUS_UNSPECIFIED' : model.status.toUpperCase()}`,
    model_type: model.modelType,
    source_run_id: model.sourceRunId,
    ...unlessEmpty('tags', keyValues(model.tags)),
  },
  data: {
    ...unlessEmpty('params', keyValues(model.params)),
    ...unlessEmpty(
      'metrics',
      model.metrics.map((metric) => ({
        ...metricJson(metric),
        ...(metric.datasetName === null ? {} : { dataset_name: metric.datasetName }),
        ...(metric.datasetDigest === null ? {} : { dataset_digest: metric.datasetDigest }),
        model_id: model.modelId,
        run_id: metric.runId,
      })),
    ),
  },
});

export const registeredModelJson = (model: RegisteredModel) => ({
  name: model.name,
  creation_timestamp: model.createdAt,
  last_updated_timestamp: model.updatedAt,
  ...(model.description === '' ? {} : { description: model.description }),
  ...unlessEmpty(
    'latest_versions',
    model.latestVersions.map((version) => modelVersionJson({ ...version, aliases: [] })),
  ),
  ...unlessEmpty('tags', keyValues(model.tags)),
  ...unlessEmpty(
    'aliases',
    model.aliases.map(({ alias, version }) => ({ alias, version: String(version) })),
  ),
});

export const modelVersionJson = (version: ModelVersion) => ({
  name: version.name,
  version: String(version.version),
  creation_timestamp: version.createdAt,
  last_updated_timestamp: version.updatedAt,
  current_stage: version.stage,
  description: version.description,
  source: version.source,
  run_id: version.runId,
  status: 'READY',
  ...unlessEmpty('tags', keyValues(version.tags)),
  run_link: version.runLink,
  ...unlessEmpty('aliases', version.aliases),
});
