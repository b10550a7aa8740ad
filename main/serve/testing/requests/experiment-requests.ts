import { orderOf } from './orders.ts';
import { filterOf } from './filters.ts';
import { experimentOf, get, pairsOf, post, someOf, tagKeyOf, tagKeys, values, type Maker } from './plan.ts';

const names = [
  'churn',
  'delay',
  'Price',
  'Ünïcode',
  'a/b',
  'with space',
  'n'.repeat(500),
  'n'.repeat(501),
  '',
  ' ',
];
const locations = [
  '',
  's3://bucket/root',
  'file:///tmp/place',
  'mlflow-artifacts:/own',
  's3://bucket/a#b',
  's3://bucket/a?b=c',
  's3://bucket/a;b',
  'runs:/abc/x',
  'l'.repeat(2049),
  's3://bucket/../up',
];

export const experimentMakers: readonly Maker[] = [
  (r) =>
    post('experiments/create', {
      name: r.pick(names),
      ...someOf(r, { tags: pairsOf(r, tagKeys), artifact_location: r.pick(locations) }, 0.4),
    }),
  (r) => get('experiments/get', { experiment_id: experimentOf(r) }),
  (r) => get('experiments/get-by-name', { experiment_name: r.pick([...names, 'Default']) }),
  (r) => post('experiments/update', { experiment_id: experimentOf(r), new_name: r.pick(names) }),
  (r) =>
    post(`experiments/${r.pick(['delete', 'restore', 'restore'])}`, {
      experiment_id: r.pick(['3', '2', '77', 'x']),
    }),
  (r) =>
    post('experiments/set-experiment-tag', {
      experiment_id: experimentOf(r),
      key: tagKeyOf(r),
      value: r.pick([...values, 'v'.repeat(5001), 'v'.repeat(20_001)]),
    }),
  (r) => post('experiments/delete-experiment-tag', { experiment_id: experimentOf(r), key: tagKeyOf(r) }),
];

export const searchExperiments: Maker = (r) => {
  const query = {
    max_results: r.pick([1, 2, 50, 50, 50, 0, -1, 50_000, 50_001]),
    ...someOf(
      r,
      {
        view_type: r.pick(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']),
        filter: filterOf(r, 'experiments'),
        order_by: orderOf(r, 'experiments'),
      },
      0.8,
    ),
  };
  return {
    ...(r.chance(0.8)
      ? post('experiments/search', r.chance(0.03) ? { filter: query.filter ?? '' } : query)
      : get('experiments/search', { ...query, view_type: query.view_type ?? 'ALL' })),
    hasPages: true,
  };
};
