import { filterOf } from './filters.ts';
import {
  experimentOf,
  modelOf,
  pairsOf,
  plainKeys,
  post,
  runOf,
  someOf,
  tagKeys,
  type Maker,
} from './plan.ts';

const statuses = [
  'LOGGED_MODEL_READY',
  'LOGGED_MODEL_PENDING',
  'LOGGED_MODEL_UPLOAD_FAILED',
  'LOGGED_MODEL_STATUS_UNSPECIFIED',
  2,
];

export const createLoggedModel: Maker = (r, plan) => ({
  ...post('logged-models', {
    experiment_id: experimentOf(r),
    name: r.pick(['net', 'tree', 'Net', 'bad/name', 'bad.name', 'with space', '"q"']),
    ...someOf(r, {
      params: pairsOf(r, plainKeys),
      tags: pairsOf(r, tagKeys),
      model_type: r.pick(['', 'agent']),
      source_run_id: runOf(r, plan),
    }),
  }),
  names: 'model',
});

export const loggedModelMakers: readonly Maker[] = [
  createLoggedModel,
  (r, plan) => ({
    method: 'GET',
    path: `/api/2.0/mlflow/logged-models/${modelOf(r, plan)}${r.pick(['', '', '?allow_deleted=true', '?allow_deleted=maybe'])}`,
  }),
  (r, plan) => {
    const model_id = modelOf(r, plan);
    return post(`logged-models/${model_id}`, { model_id, status: r.pick(statuses) }, 'PATCH');
  },
  (r, plan) => ({ method: 'DELETE', path: `/api/2.0/mlflow/logged-models/${modelOf(r, plan)}` }),
  (r, plan) => {
    const model_id = modelOf(r, plan);
    return post(`logged-models/${model_id}/tags`, { model_id, tags: pairsOf(r, tagKeys) }, 'PATCH');
  },
  (r, plan) => {
    const model_id = modelOf(r, plan);
    return post(`logged-models/${model_id}/params`, { model_id, params: pairsOf(r, plainKeys, 2) });
  },
  (r, plan) => ({
    method: 'DELETE',
    path: `/api/2.0/mlflow/logged-models/${modelOf(r, plan)}/tags/${encodeURIComponent(r.pick(tagKeys))}`,
  }),
];

const orderOf: Maker = (r) => ({
  method: '',
  path: '',
  body: {
    field_name: r.pick([
      'name',
      'creation_time',
      'creation_timestamp',
      'last_updated_timestamp',
      'metrics.lr',
      'metrics.`val/loss`',
      'metrics.depth',
      'nonsense',
      'params.lr',
      'status',
      'model_type',
    ]),
    ...someOf(r, { ascending: r.chance(0.5) }),
    ...someOf(r, { dataset_name: 'flights', dataset_digest: r.pick(['d1', 'd2']) }, 0.2),
  },
});

export const searchLoggedModels: Maker = (r, plan) => ({
  ...post('logged-models/search', {
    experiment_ids: r.pick([['0', '1', '2'], ['0'], ['77'], [], ['x']]),
    ...someOf(
      r,
      {
        filter: filterOf(r, 'logged-models'),
        order_by: Array.from({ length: r.below(3) }, () => orderOf(r, plan).body),
        max_results: r.pick([1, 2, 50, 0, 50, -1, 51_000]),
        datasets: r.pick([
          [],
          [{ dataset_name: 'flights' }],
          [{ dataset_name: 'flights', dataset_digest: 'd1' }],
          [{}],
        ]),
      },
      0.7,
    ),
  }),
  hasPages: true,
});
