import { randomFilter, randomOrder } from './random-filters.ts';
import type { Random } from './random.ts';

/** A request as both servers get it, but for the ids, which are names in it: `<run 3>`. */
export interface PlannedRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Where in the answer a new id stands, and the name it gets. */
  readonly names?: { readonly kind: 'run' | 'model'; readonly name: string };
}

/** What has been created so far, as far as the plan knows. */
export interface Plan {
  runs: number;
  models: number;
  time: number;
}

const experiments = ['0', '1', '2', '3', '77'];
const experimentNames = ['churn', 'delay', 'price', 'Ünïcode', ''];
const keys = ['lr', 'depth', 'val/loss', 'acc.top-1', 'a b', '../up', 'bad#key', 'k'.repeat(251)];
const plainKeys = keys.slice(0, 5);
const values = ['0.1', '3', 'adam', 'a%b_c', "it's", '', 'Adam'];
const models = ['flights', 'prices', 'a/b', 'prompt-one'];
const tagKeys = ['team', 'stage', 'mlflow.note.content', 'mlflow.runName', 'x/../y'];

/** The next request of a sequence: mostly sound, sometimes with something missing, unknown or of a wrong type. */
export function nextRequest(random: Random, plan: Plan): PlannedRequest {
  const request = random.pick(plan.time < 1012 ? beginning : makers)(random, plan);
  if (
    request.body === undefined ||
    request.names !== undefined ||
    /logged-models.m/.test(request.path) ||
    !random.chance(0.06)
  )
    return request;
  // A field less: mostly a required one.
  const entries = Object.entries(request.body as object);
  const left: [string, unknown][] = entries.toSpliced(random.below(entries.length), 1);
  return { ...request, body: Object.fromEntries(left) };
}

const run = (random: Random, plan: Plan) =>
  random.chance(0.04) || plan.runs === 0 ? 'nobody' : `<run ${random.below(plan.runs)}>`;
const model = (random: Random, plan: Plan) =>
  random.chance(0.05) || plan.models === 0 ? 'm-nothing' : `<model ${random.below(plan.models)}>`;
const tags = (random: Random) =>
  Array.from({ length: random.below(3) }, () => ({
    key: random.pick(tagKeys.slice(0, 2)),
    value: random.pick(values),
  })).filter((tag, index, all) => all.findIndex(({ key }) => key === tag.key) === index);
const number = (random: Random) =>
  random.pick([0, 1, -1, 0.25, 1e-7, 123456.789, 'NaN', 2.5, 3, random.below(1000) / 8]);
const metric = (random: Random) => ({
  key: random.chance(0.9) ? random.pick(plainKeys) : random.pick(keys),
  value: number(random),
  timestamp: random.below(5000),
  step: random.below(20),
});
const get = (path: string, query: Record<string, string | number | readonly string[]>): PlannedRequest => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const each of Array.isArray(value) ? (value as string[]) : [String(value)])
      search.append(name, each);
  // Names of ids are replaced later, so their brackets must stand as they are.
  const text = String(search).replaceAll(/%3C(run|model)\+(\d+)%3E/g, '<$1 $2>');
  return { method: 'GET', path: `/api/2.0/mlflow/${path}?${text}` };
};
const send = (path: string, body: object, method = 'POST'): PlannedRequest => ({
  method,
  path: `/api/2.0/mlflow/${path}`,
  body,
});

type Maker = (random: Random, plan: Plan) => PlannedRequest;

const experimentMakers: readonly Maker[] = [
  (r) => send('experiments/create', { name: r.pick(experimentNames), tags: tags(r) }),
  (r) => get('experiments/get', { experiment_id: r.pick([...experiments, 'x']) }),
  (r) => get('experiments/get-by-name', { experiment_name: r.pick(experimentNames) }),
  (r) =>
    send(`experiments/${r.pick(['delete', 'restore', 'restore'])}`, {
      experiment_id: r.pick(['3', '2', '77']),
    }),
  (r) =>
    send('experiments/set-experiment-tag', {
      experiment_id: r.pick(experiments),
      key: r.pick(tagKeys),
      value: r.pick(values),
    }),
  (r) =>
    send('experiments/delete-experiment-tag', { experiment_id: r.pick(experiments), key: r.pick(tagKeys) }),
  (r) =>
    send('experiments/search', {
      max_results: r.pick([1, 2, 50, 0, 60_000]),
      view_type: r.pick(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']),
      filter: randomFilter(r, 'experiments'),
      order_by: randomOrder(r, 'experiments'),
    }),
];

const runMakers: readonly Maker[] = [
  (r, plan) => {
    const experiment_id = r.pick(['0', '0', '1', '1', '2', '3', '77', 'x']);
    return {
      ...send('runs/create', {
        experiment_id,
        user_id: r.pick(['ada', 'bob']),
        run_name: r.pick(['first', 'second', 'Third']),
        start_time: plan.time++,
        tags: tags(r),
      }),
      names: { kind: 'run', name: 'run' },
    };
  },
  (r, plan) => get('runs/get', { run_id: run(r, plan) }),
  (r, plan) =>
    send('runs/update', {
      run_id: run(r, plan),
      status: r.pick(['RUNNING', 'FINISHED', 'FAILED', 'KILLED', 'SCHEDULED']),
      end_time: 10_000 + r.below(100),
      run_name: r.pick(['renamed', 'again', '']),
    }),
  (r, plan) => send(`runs/${r.pick(['delete', 'restore', 'restore'])}`, { run_id: run(r, plan) }),
  (r, plan) => send('runs/set-tag', { run_id: run(r, plan), key: r.pick(tagKeys), value: r.pick(values) }),
  (r, plan) => send('runs/delete-tag', { run_id: run(r, plan), key: r.pick(tagKeys.slice(0, 2)) }),
  (r, plan) => send('runs/log-metric', { run_id: run(r, plan), ...metric(r) }),
  (r, plan) => send('runs/log-parameter', { run_id: run(r, plan), key: r.pick(keys), value: r.pick(values) }),
  (r, plan) =>
    send('runs/log-batch', {
      run_id: run(r, plan),
      metrics: Array.from({ length: r.below(12) }, () => metric(r)),
      params: Array.from({ length: r.below(3) }, () => ({ key: r.pick(plainKeys), value: r.pick(values) })),
      tags: tags(r),
    }),
  (r, plan) =>
    send('runs/log-inputs', {
      run_id: run(r, plan),
      datasets: [
        {
          tags: [{ key: 'mlflow.data.context', value: r.pick(['train', 'eval']) }],
          dataset: {
            name: r.pick(['flights', 'weather']),
            digest: r.pick(['d1', 'd2']),
            source_type: 'local',
            source: '{}',
          },
        },
      ],
    }),
  (r, plan) => get('metrics/get-history', { run_id: run(r, plan), metric_key: r.pick(plainKeys) }),
  (r, plan) =>
    get('metrics/get-history-bulk-interval', {
      run_ids: [run(r, plan), run(r, plan)],
      metric_key: r.pick(plainKeys),
      max_results: r.pick([1, 2, 3, 5, 100, 3000]),
      ...(r.chance(0.4) ? { start_step: r.below(15), end_step: r.below(20) } : {}),
    }),
  (r) => ({
    method: 'POST',
    path: '/ajax-api/2.0/mlflow/experiments/search-datasets',
    body: { experiment_ids: [r.pick(experiments)] },
  }),
];

const searchRuns: Maker = (r) =>
  send('runs/search', {
    experiment_ids: r.pick([['0'], ['1'], ['0', '1', '2', '3'], ['77'], ['x']]),
    filter: randomFilter(r, 'runs'),
    order_by: randomOrder(r, 'runs'),
    run_view_type: r.pick(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']),
    max_results: r.pick([1, 3, 100, 100, 0]),
  });

const artifactMakers: readonly Maker[] = [
  (r, plan) => ({
    method: 'PUT',
    path: `/api/2.0/mlflow-artifacts/artifacts/0/${run(r, plan)}/artifacts/${r.pick(['a.txt', 'deep/b.txt', 'deep/er/c.txt', '%2e%2e/x'])}`,
    body: 'content',
  }),
  (r, plan) => get('artifacts/list', { run_id: run(r, plan), path: r.pick(['', 'deep', 'nowhere', '../x']) }),
  (r, plan) => ({
    method: 'GET',
    path: `/api/2.0/mlflow-artifacts/artifacts/0/${run(r, plan)}/artifacts/${r.pick(['a.txt', 'deep/b.txt', 'missing'])}`,
  }),
];

const loggedModelMakers: readonly Maker[] = [
  (r) => ({
    ...send('logged-models', {
      experiment_id: r.pick(['0', '1', '77']),
      name: r.pick(['net', 'tree', 'bad/name']),
      params: [{ key: 'depth', value: r.pick(values.slice(0, 3)) }],
      tags: tags(r),
    }),
    names: { kind: 'model', name: 'model' },
  }),
  (r, plan) => ({ method: 'GET', path: `/api/2.0/mlflow/logged-models/${model(r, plan)}` }),
  (r, plan) => {
    const model_id = model(r, plan);
    const status = r.pick(['LOGGED_MODEL_READY', 'LOGGED_MODEL_PENDING']);
    return send(`logged-models/${model_id}`, { model_id, status }, 'PATCH');
  },
  (r, plan) => send(`logged-models/${model(r, plan)}/tags`, { tags: tags(r) }, 'PATCH'),
  (r, plan) => ({ method: 'DELETE', path: `/api/2.0/mlflow/logged-models/${model(r, plan)}/tags/team` }),
  (r) =>
    send('logged-models/search', {
      experiment_ids: ['0', '1'],
      filter: randomFilter(r, 'logged-models'),
      order_by: r.chance(0.5)
        ? [{ field_name: r.pick(['name', 'creation_time']), ascending: r.chance(0.5) }]
        : [],
      max_results: r.pick([1, 2, 50]),
    }),
];

const registryMakers: readonly Maker[] = [
  (r) =>
    send('registered-models/create', {
      name: r.pick(models),
      tags: tags(r),
      description: r.pick(['', 'good']),
    }),
  (r) => get('registered-models/get', { name: r.pick(models) }),
  (r) => send('registered-models/update', { name: r.pick(models), description: r.pick(values) }, 'PATCH'),
  (r) =>
    send('registered-models/set-tag', { name: r.pick(models), key: r.pick(tagKeys), value: r.pick(values) }),
  (r) => send('registered-models/delete-tag', { name: r.pick(models), key: r.pick(tagKeys) }, 'DELETE'),
  (r, plan) =>
    send('model-versions/create', {
      name: r.pick(models),
      source: r.pick(['s3://bucket/model', `runs:/${run(r, plan)}/model`, '/tmp/model', 's3://bucket/../x']),
      tags: tags(r),
      run_link: '',
      description: r.pick(['', 'v']),
    }),
  (r) => get('model-versions/get', { name: r.pick(models), version: r.pick(['1', '2', '9', 'x']) }),
  (r) => get('model-versions/get-download-uri', { name: r.pick(models), version: r.pick(['1', '2']) }),
  (r) =>
    send('model-versions/transition-stage', {
      name: r.pick(models),
      version: r.pick(['1', '2', '3']),
      stage: r.pick(['Staging', 'production', 'None', 'Odd']),
      archive_existing_versions: false,
    }),
  (r) =>
    send('model-versions/set-tag', {
      name: r.pick(models),
      version: r.pick(['1', '2']),
      key: 'team',
      value: r.pick(values),
    }),
  (r) =>
    send(
      'model-versions/delete-tag',
      { name: r.pick(models), version: r.pick(['1', '2']), key: 'team' },
      'DELETE',
    ),
  (r) =>
    send('registered-models/alias', {
      name: r.pick(models),
      alias: r.pick(['champion', 'challenger', 'latest', 'v1', 'bad alias']),
      version: r.pick(['1', '2', '9']),
    }),
  (r) =>
    get('registered-models/alias', { name: r.pick(models), alias: r.pick(['champion', 'latest', 'nobody']) }),
  (r) => send('registered-models/alias', { name: r.pick(models), alias: 'challenger' }, 'DELETE'),
  (r) => send('model-versions/delete', { name: r.pick(models), version: '3' }, 'DELETE'),
  (r) =>
    send('registered-models/get-latest-versions', {
      name: r.pick(models),
      stages: r.pick([[], ['Staging'], ['none', 'Odd']]),
    }),
  (r) =>
    get('registered-models/search', {
      filter: randomFilter(r, 'registered-models'),
      max_results: r.pick([1, 2, 100, 2000]),
      order_by: randomOrder(r, 'registered-models'),
    }),
  (r) =>
    get('model-versions/search', {
      filter: randomFilter(r, 'model-versions'),
      max_results: r.pick([1, 2, 100]),
      order_by: randomOrder(r, 'model-versions'),
    }),
];

/** Until there are some runs. */
const beginning: readonly Maker[] = [
  ...experimentMakers.slice(0, 1),
  ...runMakers.slice(0, 1),
  ...loggedModelMakers.slice(0, 1),
  ...registryMakers.slice(0, 1),
];

const makers: readonly Maker[] = [
  ...experimentMakers,
  ...runMakers,
  ...runMakers,
  ...Array.from({ length: 12 }, () => searchRuns),
  ...artifactMakers,
  ...loggedModelMakers,
  ...registryMakers,
];
