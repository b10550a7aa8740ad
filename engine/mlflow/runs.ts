import { queries, runInfoJson, runJson } from '../mlflow-answers/index.ts';
import { changeRun, markDeleted, removeTags, setTags } from '../tracking/index.ts';
import { createRun } from './create-run.ts';
import { pythonJson } from '../python-json.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import {
  activeExperimentOf,
  checkMaxResults,
  lifecycleOf,
  tagMessage,
  tagRecord,
  viewType,
} from './experiments.ts';
import { atMost, choice, int32, int64, list, shape, string, strings } from './message.ts';
import { invalid, missing } from './mlflow-error.ts';
import { checkedRunTag, experimentNumber } from './names.ts';
import { pageToken, readPageToken } from './page-token.ts';
import { runSearch } from './run-filter.ts';
import { activeRunOf, runOf, setRunTags } from './run-lookup.ts';

const runStatus = choice(
  { RUNNING: 1, SCHEDULED: 2, FINISHED: 3, FAILED: 4, KILLED: 5 },
  (json) => typeof json === 'string',
);
const statuses = {
  RUNNING: 'running',
  SCHEDULED: 'queued',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
} as const;

export const byRunId = { run_id: string, run_uuid: string };

export const runEndpoints: readonly Endpoint[] = [
  endpoint(
    'POST',
    'runs/create',
    shape({
      experiment_id: string,
      user_id: string,
      run_name: string,
      start_time: int64,
      tags: list(tagMessage),
    }),
    async (input, { rooms, user }) => {
      const tags = tagRecord(input.tags);
      const { run_name = '', experiment_id = '' } = input;
      const tagName = tags['mlflow.runName'] ?? '';
      const run = await rooms.tracking.record('createRun', (db) => {
        const experiment = activeExperimentOf(db, experiment_id);
        if (run_name !== '' && tagName !== '' && run_name !== tagName)
          throw invalid(
            `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${run_name}', mlflow.runName='${tagName}').`,
          );
        const value = createRun(
          db,
          experiment,
          {
            userId: input.user_id ?? '',
            name: run_name || tagName || null,
            startedAt: input.start_time ?? 0,
            tags,
          },
          user,
          rooms.now(),
        );
        return { value, runIds: [value.runId] };
      });
      const { outputs: _outputs, ...json } = runJson(run);
      // The experiment as the client wrote it, blanks and all.
      return {
        run: { ...json, info: { ...json.info, experiment_id: experiment_id === '' ? '0' : experiment_id } },
      };
    },
  ),
  endpoint('GET', 'runs/get', shape(byRunId, ['run_id']), ({ run_id, run_uuid = '' }, { rooms }) => ({
    run: runJson(rooms.store.now((db) => runOf(db, run_id || run_uuid))),
  })),
  endpoint(
    'POST',
    'runs/update',
    shape({ ...byRunId, status: runStatus, end_time: int64, run_name: string }, ['run_id']),
    async ({ run_id, run_uuid = '', status, end_time, run_name = '' }, { rooms }) => {
      const id = run_id || run_uuid;
      const run = await rooms.tracking.record('updateRun', (db) => {
        const known = activeRunOf(db, id);
        // How a supervised run ends is what its supervisor saw, not what the program says of itself.
        if (known.source !== 'runner')
          changeRun(db, id, {
            ...(status === undefined ? {} : { status: statuses[status] }),
            ...(end_time === undefined ? {} : { endedAt: end_time }),
          });
        if (run_name !== '') setRunTags(db, known, { 'mlflow.runName': run_name });
        return { value: runOf(db, id), runIds: [id] };
      });
      return { run_info: runInfoJson(run) };
    },
  ),
  ...[true, false].map((isDeleting) =>
    endpoint(
      'POST',
      `runs/${isDeleting ? 'delete' : 'restore'}`,
      shape(byRunId, ['run_id']),
      async ({ run_id }, { rooms }) => {
        await rooms.tracking.record(`${isDeleting ? 'delete' : 'restore'}Run`, (db) => {
          runOf(db, run_id);
          markDeleted(db, [run_id], isDeleting ? rooms.now() : null);
          return { value: null, runIds: [run_id] };
        });
        return {};
      },
    ),
  ),
  endpoint(
    'POST',
    'runs/set-tag',
    shape({ ...byRunId, key: string, value: string }, ['run_id', 'key']),
    async ({ run_id, run_uuid = '', key, value = '' }, { rooms }) => {
      const id = run_id || run_uuid;
      const kept = checkedRunTag(key, value);
      await rooms.tracking.record('setTag', (db) => {
        const run = activeRunOf(db, id);
        setRunTags(db, run, { [key]: kept });
        return { value: null, runIds: [id] };
      });
      return {};
    },
  ),
  endpoint(
    'POST',
    'runs/delete-tag',
    shape({ run_id: string, key: string }, ['run_id', 'key']),
    async ({ run_id, key }, { rooms }) => {
      await rooms.tracking.record('deleteTag', (db) => {
        activeRunOf(db, run_id);
        const run = runOf(db, run_id);
        if (!run.tags.some(([own]) => own === key))
          throw missing(`No tag with name: ${key} in run with id ${run_id}`);
        removeTags(db, run_id, [key]);
        if (key === 'mlflow.note.content') changeRun(db, run_id, { note: '' });
        return { value: null, runIds: [run_id] };
      });
      return {};
    },
  ),
  endpoint(
    'POST',
    'runs/search',
    shape(
      {
        experiment_ids: list(string),
        filter: string,
        run_view_type: viewType,
        max_results: int32,
        order_by: strings,
        page_token: string,
      },
      [],
      { max_results: atMost(50_000) },
    ),
    async (input, { rooms }) => {
      const { max_results = 1000 } = input;
      checkMaxResults(max_results);
      const { where, order } = runSearch(input.filter ?? '', input.order_by ?? []);
      const { runs, next } = await rooms.store.query(queries, 'mlflow.runPage', {
        scope: {
          experiments: (input.experiment_ids ?? []).map(experimentNumber),
          lifecycle: lifecycleOf(input.run_view_type),
        },
        where,
        order,
        after: readPageToken(input.page_token),
        limit: max_results,
      });
      const parts = [
        ...(runs === '' ? [] : [`"runs":[${runs}]`]),
        ...(next === null ? [] : [`"next_page_token":"${pageToken(next)}"`]),
      ];
      return `{${parts.join()}}`;
    },
  ),
  endpoint(
    'POST',
    'runs/log-model',
    shape({ run_id: string, model_json: string }, ['run_id', 'model_json']),
    async ({ run_id, model_json }, { rooms }) => {
      const model = modelOf(model_json);
      await rooms.tracking.record('logModel', (db) => {
        activeRunOf(db, run_id);
        const before =
          runOf(db, run_id).tags.find(([key]) => key === 'mlflow.log-model.history')?.[1] ?? '[]';
        const history = pythonJson([...(JSON.parse(before) as unknown[]), model]);
        setTags(db, run_id, { 'mlflow.log-model.history': history });
        return { value: null, runIds: [run_id] };
      });
      return {};
    },
  ),
];

/** What MLflow keeps of a model's description in the run's tag. */
function modelOf(text: string): Record<string, unknown> {
  let model: unknown;
  try {
    model = JSON.parse(text);
  } catch {
    throw invalid(`Malformed model info. \n ${text} \n is not a valid JSON.`);
  }
  const fields = typeof model === 'object' && model !== null ? { ...model } : {};
  const absent = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'].filter(
    (name) => !Object.hasOwn(fields, name),
  );
  if (absent.length > 0)
    throw invalid(
      `Model json is missing mandatory fields: {${absent.map((name) => `'${name}'`).join(', ')}}`,
    );
  const {
    run_id,
    artifact_path,
    utc_time_created,
    model_uuid = null,
    flavors,
  } = fields as Record<string, unknown>;
  return { run_id, artifact_path, utc_time_created, model_uuid, flavors: withoutConfig(flavors) };
}

/** MLflow leaves out what a flavor calls its config. */
const withoutConfig = (flavors: unknown): unknown =>
  typeof flavors === 'object' && flavors !== null
    ? Object.fromEntries(
        Object.entries(flavors).map(([name, flavor]: [string, unknown]) => {
          if (typeof flavor !== 'object' || flavor === null || Array.isArray(flavor)) return [name, flavor];
          const { config: _config, ...kept } = flavor as Record<string, unknown>;
          return [name, kept];
        }),
      )
    : {};
