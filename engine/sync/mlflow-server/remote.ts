import { z } from 'zod';
import { BenchtopError } from '../../../contract/index.ts';
import type { Link } from '../link/http-link.ts';
import { isMissingThere, unlessMissing } from '../link/send-failure.ts';
import { artifactCalls, type Call } from './artifact-calls.ts';
import { integer } from './wire-value.ts';

const pair = z.object({ key: z.string(), value: z.string().default('') });
const pairs = z.array(pair).default([]);
/** protobuf's JSON: a double that JSON lacks is a text, and Python may write it as a bare word, which `parsed` mends. */
const double = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)]);

const remoteMetric = z.object({
  key: z.string(),
  value: double.default(0),
  timestamp: integer.default(0),
  step: integer.default(0),
});
export type RemoteMetric = z.infer<typeof remoteMetric>;

const remoteRun = z.object({
  info: z.object({
    run_id: z.string(),
    experiment_id: z.string(),
    status: z.string().optional(),
    end_time: integer.optional(),
    artifact_uri: z.string().default(''),
    lifecycle_stage: z.string().default('active'),
  }),
  data: z.object({ metrics: z.array(remoteMetric).default([]), params: pairs, tags: pairs }).prefault({}),
  inputs: z
    .object({
      dataset_inputs: z
        .array(z.object({ dataset: z.object({ name: z.string(), digest: z.string() }) }))
        .default([]),
      model_inputs: z.array(z.object({ model_id: z.string() })).default([]),
    })
    .prefault({}),
  outputs: z.object({ model_outputs: z.array(z.object({ model_id: z.string() })).default([]) }).prefault({}),
});
export type RemoteRun = z.infer<typeof remoteRun>;

const remoteModel = z.object({
  info: z.object({
    model_id: z.string(),
    experiment_id: z.string(),
    artifact_uri: z.string(),
    status: z.union([z.string(), z.number()]).optional(),
    tags: pairs,
  }),
});
export type RemoteModel = z.infer<typeof remoteModel>;

const remoteVersion = z.object({
  name: z.string(),
  version: z.string(),
  source: z.string().default(''),
  run_id: z.string().default(''),
  status: z.string().default('READY'),
  description: z.string().default(''),
  tags: pairs,
  aliases: z.array(z.string()).default([]),
  creation_timestamp: integer.default(0),
});
export type RemoteVersion = z.infer<typeof remoteVersion>;

const remoteNames = z.object({
  name: z.string(),
  aliases: z.array(z.object({ alias: z.string(), version: z.string() })).default([]),
});

const remoteExperiment = z.object({
  experiment_id: z.string(),
  name: z.string(),
  lifecycle_stage: z.string().default('active'),
});

/** One MLflow server, in its own words: each call is one request, and is documented at mlflow.org/docs/latest/rest-api.html. */
export function createRemote(link: Link) {
  const call: Call = async (request, answer) => {
    const text = await link.text({
      ...request,
      json: request.json === undefined ? undefined : JSON.stringify(request.json),
    });
    const read = answer.safeParse(parsed(text));
    if (read.success) return read.data;
    throw new BenchtopError({
      code: 'unsupported',
      what: `The target answered ${request.path.replace(/\?.*/s, '')} in a way that MLflow does not.`,
      evidence: text.slice(0, 300),
    });
  };
  const get = <T extends z.ZodType>(path: string, query: Record<string, string>, answer: T) =>
    call({ method: 'GET', path: `/api/2.0/mlflow/${path}?${new URLSearchParams(query).toString()}` }, answer);
  const post = <T extends z.ZodType>(path: string, json: object, answer: T) =>
    call({ method: 'POST', path: `/api/2.0/mlflow/${path}`, json }, answer);
  const nothing = z.unknown();
  /** All pages of a search, one after the other. */
  async function* pages<T extends z.ZodType>(path: string, limit: number, answer: T) {
    const page = answer.and(z.object({ next_page_token: z.string().default('') }));
    for (let token = ''; ;) {
      const found = await get(
        path,
        { max_results: String(limit), ...(token === '' ? {} : { page_token: token }) },
        page,
      );
      yield found;
      token = found.next_page_token;
      if (token === '') return;
    }
  }

  return {
    ...artifactCalls(link, call),
    /** Its release, such as `3.18.0`; null where it does not tell. */
    async version(): Promise<string | null> {
      try {
        const text = await link.text({ method: 'GET', path: '/version' });
        return /^\d+\.\d+[\w.+-]*$/.test(text.trim()) ? text.trim() : null;
      } catch (error) {
        if (isMissingThere(error)) return null;
        throw error;
      }
    },
    experimentByName: async (name: string) =>
      unlessMissing(
        get('experiments/get-by-name', { experiment_name: name }, z.object({ experiment: remoteExperiment })),
      ).then((found) => found?.experiment ?? null),
    createExperiment: (name: string, tags: readonly { key: string; value: string }[]) =>
      post('experiments/create', { name, tags }, z.object({ experiment_id: z.string() })),
    /** Runs of an experiment that fit a filter, deleted ones too; at most 10. */
    searchRuns: (experimentId: string, filter: string) =>
      post(
        'runs/search',
        { experiment_ids: [experimentId], filter, run_view_type: 'ALL', max_results: 10 },
        z.object({ runs: z.array(remoteRun).default([]) }),
      ).then(({ runs }) => runs),
    createRun: (run: object) =>
      post('runs/create', run, z.object({ run: remoteRun })).then(({ run: made }) => made),
    run: (runId: string) =>
      get('runs/get', { run_id: runId }, z.object({ run: remoteRun })).then(({ run }) => run),
    updateRun: (change: object) => post('runs/update', change, nothing),
    deleteRun: (runId: string) => post('runs/delete', { run_id: runId }, nothing),
    /** @param json as `log-batch` takes it; written by the caller, who counts its bytes. */
    logBatch: (json: string, onSent: (bytes: number) => void) =>
      link.text({ method: 'POST', path: '/api/2.0/mlflow/runs/log-batch', json, onSent }),
    logInputs: (input: object) => post('runs/log-inputs', input, nothing),
    logOutputs: (output: object) => post('runs/outputs', output, nothing),
    history: (runId: string, key: string, pageToken: string | null, limit: number) =>
      get(
        'metrics/get-history',
        {
          run_id: runId,
          metric_key: key,
          max_results: String(limit),
          ...(pageToken === null ? {} : { page_token: pageToken }),
        },
        z.object({ metrics: z.array(remoteMetric).default([]), next_page_token: z.string().optional() }),
      ),
    searchModels: (experimentId: string, filter: string) =>
      post(
        'logged-models/search',
        { experiment_ids: [experimentId], filter, max_results: 10 },
        z.object({ models: z.array(remoteModel).default([]) }),
      ).then(({ models }) => models),
    createModel: (model: object) =>
      post('logged-models', model, z.object({ model: remoteModel })).then(({ model: made }) => made),
    model: (modelId: string) =>
      get(`logged-models/${modelId}`, {}, z.object({ model: remoteModel })).then(({ model }) => model),
    finalizeModel: (modelId: string) =>
      call(
        {
          method: 'PATCH',
          path: `/api/2.0/mlflow/logged-models/${modelId}`,
          // LOGGED_MODEL_READY of MLflow's service.proto.
          json: { model_id: modelId, status: 2 },
        },
        nothing,
      ),
    deleteModel: (modelId: string) =>
      call({ method: 'DELETE', path: `/api/2.0/mlflow/logged-models/${modelId}` }, nothing),
    registeredModel: (name: string) =>
      unlessMissing(
        get(
          'registered-models/get',
          { name },
          z.object({ registered_model: z.object({ name: z.string() }) }),
        ),
      ),
    /** Names and aliases of all models, a page at a time. */
    async *allModels() {
      const page = z.object({ registered_models: z.array(remoteNames).default([]) });
      for await (const found of pages('registered-models/search', 200, page)) yield found.registered_models;
    },
    async *allVersions() {
      const page = z.object({ model_versions: z.array(remoteVersion).default([]) });
      for await (const found of pages('model-versions/search', 1000, page)) yield found.model_versions;
    },
    /** Where the files of a version lie. */
    downloadUri: (name: string, version: string) =>
      get('model-versions/get-download-uri', { name, version }, z.object({ artifact_uri: z.string() })).then(
        ({ artifact_uri: uri }) => uri,
      ),
    modelVersionIfThere: async (name: string, version: string) =>
      (
        await unlessMissing(
          get('model-versions/get', { name, version }, z.object({ model_version: remoteVersion })),
        )
      )?.model_version ?? null,
    createRegisteredModel: (model: object) => post('registered-models/create', model, nothing),
    searchVersions: (filter: string) =>
      get(
        'model-versions/search',
        { filter, max_results: '10' },
        z.object({ model_versions: z.array(remoteVersion).default([]) }),
      ).then(({ model_versions: versions }) => versions),
    createVersion: (version: object) =>
      post('model-versions/create', version, z.object({ model_version: remoteVersion })).then(
        ({ model_version: made }) => made,
      ),
    deleteVersion: (name: string, version: string) =>
      call(
        { method: 'DELETE', path: '/api/2.0/mlflow/model-versions/delete', json: { name, version } },
        nothing,
      ),
    modelVersion: (name: string, version: string) =>
      get('model-versions/get', { name, version }, z.object({ model_version: remoteVersion })).then(
        ({ model_version: found }) => found,
      ),
    /** The version that an alias points to; null where there is no such alias. */
    async versionByAlias(name: string, alias: string): Promise<RemoteVersion | null> {
      try {
        const { model_version: found } = await get(
          'registered-models/alias',
          { name, alias },
          z.object({ model_version: remoteVersion }),
        );
        return found;
      } catch (error) {
        // MLflow says INVALID_PARAMETER_VALUE for an alias that is not there.
        if (isMissingThere(error) || (error instanceof Error && /alias .* not found/i.test(error.message)))
          return null;
        throw error;
      }
    },
    setAlias: (name: string, alias: string, version: string) =>
      post('registered-models/alias', { name, alias, version }, nothing),
  };
}
export type Remote = ReturnType<typeof createRemote>;

function parsed(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Python's bare words: no JSON. Only where a value stands, so that a text that holds one stays as it is.
    try {
      return JSON.parse(text.replaceAll(/(:\s*)(NaN|-?Infinity)(?=\s*[,}\]])/g, '$1"$2"')) as unknown;
    } catch {
      return undefined; // a page of HTML, for instance; the caller shows it
    }
  }
}
