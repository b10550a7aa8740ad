import type { Searched } from './filters.ts';
import type { Random } from './random.ts';

/** Less ids and what holds one: they differ from server to server. */
const orders: Readonly<Record<Searched, readonly string[]>> = {
  runs: [
    'metrics.lr',
    'metrics.`val/loss`',
    'metrics.`a b`',
    'metric."acc.top-1"',
    'metrics.acc.top-1',
    'metrics.order',
    'metrics.1st',
    'params.lr',
    'params.depth',
    'tags.team',
    'tag.user',
    'tags.`mlflow.runName`',
    'status',
    'attributes.run_name',
    'start_time',
    'end_time',
    'user_id',
    'attribute.Created',
    'created',
    '`start_time`',
    'run.status',
  ],
  experiments: ['name', 'experiment_id', 'creation_time', 'last_update_time', 'attribute.name', '`name`'],
  'logged-models': [],
  'registered-models': ['name', 'last_updated_timestamp', 'timestamp', '`name`'],
  'model-versions': [
    'name',
    'version_number',
    'creation_timestamp',
    'last_updated_timestamp',
    'attribute.name',
  ],
};

const odd = [
  'nonsense',
  'metrics.lr sideways',
  'name asc desc',
  'a.b.c',
  '',
  ' ',
  'name,',
  'name, status',
  'attribute.`Run name`',
  'run_name',
  'dataset.name',
  'tags.team ASC NULLS FIRST',
  "'name'",
  'name asc;',
  '1',
  'attributes.name',
  'tag.x',
  'creation_timestamp',
  'params.',
  'name  DESC',
  ' name',
  'name ',
  'timestamp DESC',
  'Name',
  'params.lr-x',
  'description',
  'lower(name)',
  'name Asc',
];

/** `order_by` of a search; now and then with an entry that is none. */
export function orderOf(random: Random, searched: Searched): string[] {
  const known = orders[searched];
  return Array.from({ length: random.pick([0, 1, 1, 1, 2, 3]) }, () =>
    known.length === 0 || random.chance(0.08)
      ? random.pick(odd)
      : random.pick(known) + random.pick(['', ' ASC', ' DESC', ' desc', ' DESC']),
  );
}
