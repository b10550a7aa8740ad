import { filterOf } from './filters.ts';
import { orderOf } from './orders.ts';
import {
  experimentOf,
  get,
  keyOf,
  modelOf,
  oddKeys,
  pairsOf,
  plainKeys,
  post,
  runOf,
  someOf,
  tagKeyOf,
  tagKeys,
  values,
  type Maker,
  type Plan,
} from './plan.ts';
import type { Random } from './random.ts';

const numberOf = (random: Random) =>
  random.pick([
    0,
    1,
    -1,
    0.25,
    1e-7,
    123456.789,
    'NaN',
    'Infinity',
    '-Infinity',
    2.5,
    3,
    1e300,
    random.below(1000) / 8,
  ]);

/** @param linked whether a metric may belong to a logged model: MLflow records half of a batch where that one is unknown. */
const metricOf = (random: Random, plan: Plan, linked: boolean) => ({
  key: keyOf(random),
  value: numberOf(random),
  timestamp: random.below(5000),
  step: random.chance(0.9) ? random.below(20) : -3,
  ...(linked && random.chance(0.3) ? { model_id: modelOf(random, plan) } : {}),
  ...(random.chance(0.1) ? { dataset_name: 'flights', dataset_digest: random.pick(['d1', 'd2']) } : {}),
});

const datasetOf = (random: Random) => ({
  tags: random.chance(0.8)
    ? [{ key: 'mlflow.data.context', value: random.pick(['train', 'eval']) }]
    : [{ key: 'other', value: 'x' }],
  dataset: {
    name: random.pick(['flights', 'weather', 'n'.repeat(501)]),
    digest: random.pick(['d1', 'd2', 'd1', 'd'.repeat(37)]),
    source_type: 'local',
    source: '{}',
    ...someOf(random, { schema: '{"columns":[]}', profile: '{"rows":3}' }, 0.2),
  },
});

const longValue = (random: Random, limit: number) =>
  random.chance(0.95) ? random.pick(values) : 'v'.repeat(limit + random.pick([0, 1]));

/** A run, mostly with all that a client sends. */
export const createRun: Maker = (r, plan) => ({
  ...post('runs/create', {
    start_time: plan.time++,
    run_name: r.pick(['first', 'second', 'Third', 'a b', 'ünï']),
    experiment_id: experimentOf(r),
    user_id: r.pick(['ada', 'bob', '']),
    // An empty name among the tags makes MLflow write the name twice, which its database refuses.
    tags: pairsOf(r, r.chance(0.95) ? tagKeys : oddKeys, 4).filter(
      ({ key, value }) => key !== 'mlflow.runName' || value !== '',
    ),
  }),
  names: 'run',
});

export const runMakers: readonly Maker[] = [
  createRun,
  (r, plan) => get('runs/get', r.chance(0.9) ? { run_id: runOf(r, plan) } : { run_uuid: runOf(r, plan) }),
  (r, plan) =>
    post('runs/update', {
      run_id: runOf(r, plan),
      ...someOf(
        r,
        {
          status: r.pick(['RUNNING', 'FINISHED', 'FAILED', 'KILLED', 'SCHEDULED']),
          end_time: 10_000 + r.below(100),
          run_name: r.pick(['renamed', 'again', '', 'n'.repeat(300)]),
        },
        0.7,
      ),
    }),
  (r, plan) => post(`runs/${r.pick(['delete', 'restore', 'restore'])}`, { run_id: runOf(r, plan) }),
  (r, plan) =>
    post('runs/set-tag', {
      run_id: runOf(r, plan),
      key: tagKeyOf(r),
      ...someOf(r, { value: longValue(r, 8000) }, 0.95),
    }),
  (r, plan) => post('runs/delete-tag', { run_id: runOf(r, plan), key: tagKeyOf(r) }),
  (r, plan) => post('runs/log-metric', { run_id: runOf(r, plan), ...metricOf(r, plan, true) }),
  (r, plan) =>
    post('runs/log-parameter', {
      run_id: runOf(r, plan),
      key: keyOf(r),
      ...someOf(r, { value: longValue(r, 6000) }, 0.95),
    }),
  (r, plan) =>
    post('runs/log-batch', {
      run_id: runOf(r, plan),
      metrics: Array.from({ length: r.below(12) }, () => metricOf(r, plan, false)),
      params: pairsOf(r, r.chance(0.95) ? plainKeys : oddKeys, 4),
      tags: pairsOf(r, tagKeys, 4),
    }),
  (r, plan) =>
    post('runs/log-batch', {
      run_id: runOf(r, plan),
      ...r.pick([
        { metrics: Array.from({ length: 1001 }, (_, step) => ({ key: 'm', value: 1, timestamp: 1, step })) },
        { params: Array.from({ length: 101 }, (_, n) => ({ key: `p${n}`, value: 'x' })) },
        { tags: Array.from({ length: 101 }, (_, n) => ({ key: `t${n}`, value: 'x' })) },
        {
          params: [
            { key: 'twice', value: 'a' },
            { key: 'twice', value: 'a' },
          ],
        },
        { params: [{ key: 'nothing' }], tags: [{ key: 'nothing' }] },
        { metrics: [{ key: 'late', value: 1 }] },
        { metrics: [{ value: 1, timestamp: 1 }] },
        { params: [{ value: 'x' }] },
        { tags: [{ key: '', value: 'x' }] },
        {
          tags: [
            { key: 'same', value: 'a' },
            { key: 'same', value: 'b' },
          ],
        },
      ]),
    }),
  (r, plan) =>
    post('runs/log-inputs', {
      run_id: runOf(r, plan),
      datasets: Array.from({ length: r.below(3) }, () => datasetOf(r)),
      ...(r.chance(0.3) ? { models: [{ model_id: modelOf(r, plan) }] } : {}),
    }),
  (r, plan) =>
    post('runs/outputs', {
      run_id: runOf(r, plan),
      // One a request: MLflow refuses a whole request for one link that it has already, Benchtop takes it for a repeat.
      models: r.chance(0.1) ? [] : [{ model_id: modelOf(r, plan), step: 1 }],
    }),
  (r, plan) =>
    post('runs/log-model', {
      run_id: runOf(r, plan),
      model_json: r.pick([
        '{"artifact_path":"model","flavors":{},"utc_time_created":"2026-01-01","run_id":"x"}',
        '{"artifact_path":"model","flavors":{"a":1},"utc_time_created":"2026-01-01","run_id":"x","more":[1]}',
        '{"artifact_path":"model"}',
        '[]',
        'no json',
        '',
      ]),
    }),
  (r) => ({
    method: 'POST',
    path: '/ajax-api/2.0/mlflow/experiments/search-datasets',
    body: {
      experiment_ids: r.pick([[], [experimentOf(r)], ['0', '1', '2'], Array.from({ length: 21 }, String)]),
    },
  }),
];

export const metricMakers: readonly Maker[] = [
  (r, plan) => ({
    ...get('metrics/get-history', {
      run_id: runOf(r, plan),
      metric_key: keyOf(r),
      ...someOf(r, { max_results: r.pick([1, 2, 3, 100, 0, -1]) }),
    }),
    hasPages: true,
  }),
  (r, plan) =>
    get('metrics/get-history-bulk-interval', {
      run_ids: Array.from({ length: 1 + r.below(3) }, () => runOf(r, plan)),
      metric_key: keyOf(r),
      ...someOf(r, { max_results: r.pick([1, 2, 3, 5, 100, 3000, 0]) }, 0.8),
      ...(r.chance(0.4) ? someOf(r, { start_step: r.below(15), end_step: r.below(20) }, 0.9) : {}),
    }),
  (r, plan) => {
    // Several runs come in the order of their ids, so a limit would cut off other ones on each server.
    const count = r.below(4);
    const { path } = get('metrics/get-history-bulk', {
      run_id: Array.from({ length: count }, () => runOf(r, plan)),
      ...someOf(r, { metric_key: keyOf(r) }, 0.95),
      ...(count > 1 ? {} : someOf(r, { max_results: r.pick([1, 2, 5, 100, 30_000]) })),
    });
    return { method: 'GET', path: path.replace('/api/', '/ajax-api/') };
  },
];

export const searchRuns: Maker = (r) => ({
  ...post('runs/search', {
    experiment_ids: r.pick([
      ['0'],
      ['1'],
      ['0', '1', '2', '3', '4'],
      ['0', '1', '2', '3', '4'],
      ['77'],
      [],
      ['x'],
    ]),
    ...someOf(
      r,
      {
        filter: filterOf(r, 'runs'),
        order_by: orderOf(r, 'runs'),
        run_view_type: r.pick(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']),
        max_results: r.pick([1, 3, 7, 100, 100, 50_000, 50_001, 0, -1]),
      },
      0.85,
    ),
  }),
  hasPages: true,
});
