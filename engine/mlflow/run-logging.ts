import type Database from 'better-sqlite3';
import {
  insertModelMetrics,
  insertParams,
  insertPoints,
  type ModelMetric,
  type Point,
  type RecordedRun,
  type RunState,
} from '../tracking/index.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import { tagMessage } from './experiments.ts';
import { double, int64, itemsHave, list, message, shape, string, type Read } from './message.ts';
import { invalid } from './mlflow-error.ts';
import { checkedParam, checkedRunTag, checkMetric, checkRunId } from './names.ts';
import { reprString } from './python-text.ts';
import { loggedModelOf } from './logged-models.ts';
import { activeRunOf, runOf, setRunTags } from './run-lookup.ts';

const metricFields = {
  key: string,
  value: double,
  timestamp: int64,
  step: int64,
  model_id: string,
  dataset_name: string,
  dataset_digest: string,
};
type MetricInput = Read<typeof metricFields>;

const pointOf = (metric: MetricInput): Point => ({
  key: metric.key ?? '',
  value: metric.value ?? 0,
  timeMs: metric.timestamp ?? 0,
  step: metric.step ?? 0,
});

const orNull = (text = '') => (text === '' ? null : text);

/** The metrics that also belong to a logged model. */
const modelMetricsOf = (runId: string, metrics: readonly MetricInput[]) =>
  metrics.flatMap((metric): (ModelMetric & { modelId: string })[] =>
    metric.model_id === undefined || metric.model_id === ''
      ? []
      : [
          {
            ...pointOf(metric),
            modelId: metric.model_id,
            runId,
            datasetName: orNull(metric.dataset_name),
            datasetDigest: orNull(metric.dataset_digest),
          },
        ],
  );

function logMetrics(db: Database.Database, run: RunState, metrics: readonly MetricInput[]): Point[] {
  const ofModels = modelMetricsOf(run.runId, metrics);
  for (const { modelId } of ofModels) loggedModelOf(db, modelId);
  insertModelMetrics(db, ofModels);
  return insertPoints(db, run.runId, metrics.map(pointOf), false);
}

export const loggingEndpoints: readonly Endpoint[] = [
  endpoint(
    'POST',
    'runs/log-metric',
    shape({ run_id: string, run_uuid: string, ...metricFields }, ['run_id', 'key', 'value', 'timestamp']),
    async (input, { rooms }) => {
      const id = input.run_id || (input.run_uuid ?? '');
      const isOfModel = (input.model_id ?? '') !== '';
      if (!isOfModel) checkMetric(pointOf(input), '');
      await rooms.tracking.record('logMetric', (db) => {
        const run = activeRunOf(db, id);
        // MLflow looks at the run first where a model is named, and so names another mistake of two.
        if (isOfModel) checkMetric(pointOf(input), '');
        const points = logMetrics(db, run, [input]);
        return { value: null, runIds: points.length === 0 ? [] : [id], points: { runId: id, points } };
      });
      return {};
    },
  ),
  endpoint(
    'POST',
    'runs/log-parameter',
    shape({ run_id: string, run_uuid: string, key: string, value: string }, ['run_id', 'key']),
    async ({ run_id, run_uuid = '', key, value = '' }, { rooms }) => {
      const id = run_id || run_uuid;
      const kept = checkedParam(key, value);
      await rooms.tracking.record('logParam', (db) => {
        activeRunOf(db, id);
        if (insertParams(db, id, { [key]: kept }).length > 0) {
          const old = runOf(db, id).params.find(([own]) => own === key)?.[1] ?? '';
          throw invalid(
            `Changing param values is not allowed. Param with key='${key}' was already logged with value='${old}' for run ID='${id}'. Attempted logging new value '${kept}'.`,
          );
        }
        return { value: null, runIds: [id] };
      });
      return {};
    },
  ),
  endpoint(
    'POST',
    'runs/log-batch',
    shape(
      {
        run_id: string,
        metrics: list(message(metricFields)),
        params: list(tagMessage),
        tags: list(tagMessage),
      },
      ['run_id'],
      {
        metrics: itemsHave('metrics', 'key', 'value', 'timestamp'),
        params: itemsHave('params', 'key'),
        tags: itemsHave('tags', 'key'),
      },
    ),
    async ({ run_id, metrics = [], ...input }, { rooms }) => {
      checkRunId(run_id);
      metrics.forEach((metric, index) => checkMetric(pointOf(metric), `metrics[${index}]`));
      const params = (input.params ?? []).map(
        ({ key = '', value = '' }, index) => [key, checkedParam(key, value, `params[${index}]`)] as const,
      );
      const tags = (input.tags ?? []).map(
        ({ key = '', value = '' }, index) => [key, checkedRunTag(key, value, `tags[${index}]`)] as const,
      );
      checkBatch(metrics.length, params, tags.length);
      await rooms.tracking.record('logBatch', (db) => {
        const run = activeRunOf(db, run_id);
        if (insertParams(db, run_id, Object.fromEntries(params)).length > 0)
          throw changedParams(runOf(db, run_id), params);
        const points = logMetrics(db, run, metrics);
        if (tags.length > 0) setRunTags(db, run, Object.fromEntries(tags));
        return { value: null, runIds: [run_id], points: { runId: run_id, points } };
      });
      return {};
    },
  ),
];

type Params = readonly (readonly [key: string, value: string])[];

function checkBatch(metrics: number, params: Params, tags: number): void {
  const limits: [string, number, number][] = [
    ['metrics', 1000, metrics],
    ['params', 100, params.length],
    ['tags', 100, tags],
    ['metrics, params, and tags', 1000, metrics + params.length + tags],
  ];
  for (const [what, limit, count] of limits) {
    if (count > limit)
      throw invalid(
        `A batch logging request can contain at most ${limit} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`,
      );
  }
  const keys = params.map(([key]) => key);
  const again = keys.filter((key, index) => keys.indexOf(key) < index);
  if (again.length > 0)
    throw invalid(
      `Duplicate parameter keys have been submitted: [${again.map(reprString).join(', ')}]. Please ensure the request contains only one param value per param key.`,
    );
}

function changedParams(run: RecordedRun, params: Params): Error {
  const known = new Map(run.params);
  const changed = params.flatMap(([key, value]) => {
    const old = known.get(key);
    return old === undefined || old === value
      ? []
      : [`{'key': ${reprString(key)}, 'old_value': ${reprString(old)}, 'new_value': ${reprString(value)}}`];
  });
  return invalid(
    `Changing param values is not allowed. Params were already logged='[${changed.join(', ')}]' for run ID='${run.runId}'.`,
  );
}
