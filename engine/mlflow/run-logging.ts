import type Database from 'better-sqlite3';
import { insertModelMetrics, insertParams, type RecordedRun } from '../tracking/index.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import { tagMessage } from './experiments.ts';
import { itemsHave, list, shape, string } from './message.ts';
import { loggedModelOf } from './logged-models.ts';
import {
  batchOfMetrics,
  checkMetrics,
  columnsOf,
  metricFields,
  metricList,
  noMetrics,
  type MetricColumns,
} from './metric-list.ts';
import { invalid } from './mlflow-error.ts';
import { checkedParam, checkedRunTag, checkRunId } from './names.ts';
import { reprString } from './python-text.ts';
import { activeRunOf, runOf, setRunTags } from './run-lookup.ts';

function logModelMetrics(db: Database.Database, runId: string, { ofModels }: MetricColumns): void {
  if (ofModels.length === 0) return;
  for (const { modelId } of ofModels) loggedModelOf(db, modelId);
  insertModelMetrics(
    db,
    ofModels.map((metric) => ({ ...metric, runId })),
  );
}

export const loggingEndpoints: readonly Endpoint[] = [
  endpoint(
    'POST',
    'runs/log-metric',
    shape({ run_id: string, run_uuid: string, ...metricFields }, ['run_id', 'key', 'value', 'timestamp']),
    async (input, { rooms }) => {
      const id = input.run_id || (input.run_uuid ?? '');
      const metrics = columnsOf(input);
      const isOfModel = metrics.ofModels.length > 0;
      if (!isOfModel) checkMetrics(metrics, () => '');
      const batch = batchOfMetrics(metrics);
      await rooms.tracking.recordPoints('logMetric', (db) => {
        const run = activeRunOf(db, id);
        // MLflow looks at the run first where a model is named, and so names another mistake of two.
        if (isOfModel) checkMetrics(metrics, () => '');
        logModelMetrics(db, id, metrics);
        return { run, batch, origin: 'told' };
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
        metrics: metricList,
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
    async ({ run_id, metrics = noMetrics(), ...input }, { rooms }) => {
      checkRunId(run_id);
      checkMetrics(metrics, (index) => `metrics[${index}]`);
      const params = (input.params ?? []).map(
        ({ key = '', value = '' }, index) => [key, checkedParam(key, value, `params[${index}]`)] as const,
      );
      const tags = (input.tags ?? []).map(
        ({ key = '', value = '' }, index) => [key, checkedRunTag(key, value, `tags[${index}]`)] as const,
      );
      checkBatch(metrics.keys.length, params, tags.length);
      const batch = batchOfMetrics(metrics);
      await rooms.tracking.recordPoints('logBatch', (db) => {
        const run = activeRunOf(db, run_id);
        if (params.length > 0 && insertParams(db, run_id, Object.fromEntries(params)).length > 0)
          throw changedParams(runOf(db, run_id), params);
        logModelMetrics(db, run_id, metrics);
        if (tags.length > 0) setRunTags(db, run, Object.fromEntries(tags));
        return { run, batch, origin: 'told' };
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
