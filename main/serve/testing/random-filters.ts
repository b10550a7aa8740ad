import type { Random } from './random.ts';

export type Searched = 'runs' | 'experiments' | 'logged-models' | 'registered-models' | 'model-versions';

const texts = ["'adam'", "'Adam'", "'3'", "'a%'", "'%a_b%'", '"0.1"', "'_'", "''"];
const numbers = ['0', '1', '-1', '0.25', '1e-7', '3', '.5'];
const textComparators = ['=', '!=', 'LIKE', 'ILIKE', 'like'];
const numberComparators = ['=', '!=', '<', '<=', '>', '>='];

type Clause = (random: Random) => string;

const runClauses: readonly Clause[] = [
  (r) =>
    `${r.pick(['metrics', 'metric'])}.${r.pick(['lr', '`val/loss`', 'depth', '"acc.top-1"', '`a b`'])} ${r.pick(numberComparators)} ${r.pick(numbers)}`,
  (r) =>
    `${r.pick(['params', 'param', 'parameters'])}.${r.pick(['lr', 'depth', '`a b`'])} ${r.pick(textComparators)} ${r.pick(texts)}`,
  (r) =>
    `tags.${r.pick(['team', 'stage', '`mlflow.note.content`', 'mlflow.runName'])} ${r.pick(textComparators)} ${r.pick(texts)}`,
  (r) =>
    `${r.pick(['params.lr', 'tags.team', 'params.depth'])} ${r.pick(['IS NULL', 'IS NOT NULL', 'is not null'])}`,
  (r) =>
    `${r.pick(['status', 'attributes.status'])} ${r.pick(['=', '!=', 'LIKE'])} ${r.pick(["'FINISHED'", "'RUNNING'", "'F%'"])}`,
  (r) =>
    `${r.pick(['run_name', 'attributes.run_name', 'attribute.`Run name`'])} ${r.pick(textComparators)} ${r.pick(["'first'", "'%t%'", "'third'", "'renamed'"])}`,
  (r) =>
    `${r.pick(['start_time', 'created', 'attributes.start_time', 'end_time'])} ${r.pick(numberComparators)} ${r.pick(['1005', '1010', '10050', '0'])}`,
  (r) => `user_id ${r.pick(textComparators)} ${r.pick(["'ada'", "'b%'"])}`,
  (r) => `run_id ${r.pick(['IN', 'NOT IN'])} ${r.pick(["('a', 'b')", "('a')"])}`,
  (r) =>
    `${r.pick(['dataset', 'datasets'])}.${r.pick(['name', 'digest', 'context'])} ${r.pick(['=', '!=', 'LIKE'])} ${r.pick(["'flights'", "'d1'", "'train'", "'%e%'"])}`,
  (r) => `dataset.name IN ${r.pick(["('flights')", "('flights', 'weather')"])}`,
];

const wrongClauses: readonly Clause[] = [
  () => "metrics.lr > 'a'",
  () => 'params.lr = 1',
  () => "foo.bar = 'a'",
  () => "nothing = 'a'",
  () => "params.lr == '1'",
  () => "metrics.lr LIKE '1'",
  () => "params.lr > '1'",
  () => "status > 'A'",
  () => 'metrics.lr IS NULL',
  () => "run_name IN ('a')",
  () => 'params.lr = adam',
];

const clauses: Readonly<Record<Searched, readonly Clause[]>> = {
  runs: runClauses,
  experiments: [
    (r) => `name ${r.pick(['=', '!=', 'LIKE', 'ILIKE'])} ${r.pick(["'churn'", "'%E%'", "'d_lay'"])}`,
    (r) =>
      `${r.pick(['tags', 'tag'])}.${r.pick(['team', 'stage'])} ${r.pick(['=', '!=', 'LIKE', 'ILIKE'])} ${r.pick(texts)}`,
    (r) => `tags.team ${r.pick(['IS NULL', 'IS NOT NULL'])}`,
    (r) => `experiment_id ${r.pick(['=', '!='])} ${r.pick(["'1'", "'0'", "'x'"])}`,
    () => "experiment_id IN ('0', '2')",
    (r) => `creation_time ${r.pick(['>', '<='])} 5`,
  ],
  'logged-models': [
    (r) =>
      `${r.pick(['name', 'attributes.name'])} ${r.pick(['=', '!=', 'LIKE', 'ILIKE'])} ${r.pick(["'net'", "'TREE'", "'%e%'"])}`,
    (r) => `params.depth ${r.pick(['=', '!=', 'LIKE'])} ${r.pick(["'3'", "'a%'"])}`,
    (r) => `tags.team ${r.pick(['=', '!='])} ${r.pick(["'adam'", "'3'"])}`,
    (r) => `creation_timestamp ${r.pick(['>', '<'])} 5`,
  ],
  'registered-models': [
    (r) => `name ${r.pick(['=', '!=', 'LIKE', 'ILIKE'])} ${r.pick(["'flights'", "'%I%'", "'p_ices'"])}`,
    (r) => `tags.team ${r.pick(['=', '!=', 'LIKE', 'ILIKE'])} ${r.pick(texts)}`,
    () => "name IN ('flights', 'prices')",
  ],
  'model-versions': [
    (r) => `name ${r.pick(['=', '!=', 'LIKE', 'ILIKE'])} ${r.pick(["'flights'", "'%I%'"])}`,
    (r) => `version_number ${r.pick(numberComparators)} ${r.pick(['1', '2', '0'])}`,
    (r) => `tags.team ${r.pick(['=', '!=', 'LIKE', 'ILIKE'])} ${r.pick(texts)}`,
    (r) => `source_path ${r.pick(['=', 'LIKE'])} ${r.pick(["'s3://bucket/model'", "'s3%'"])}`,
    (r) => `run_id ${r.pick(['=', '!='])} 'abc'`,
  ],
};

/** A filter out of the grammar of a search; now and then one that breaks a rule of it. */
export function randomFilter(random: Random, searched: Searched): string {
  if (random.chance(0.25)) return '';
  if (searched === 'runs' && random.chance(0.1)) return random.pick(wrongClauses)(random);
  const count = random.chance(0.7) ? 1 : 2;
  return Array.from({ length: count }, () => random.pick(clauses[searched])(random)).join(
    random.pick([' AND ', ' and ']),
  );
}

const orders: Readonly<Record<Searched, readonly string[]>> = {
  runs: [
    'metrics.lr',
    'metrics.`val/loss`',
    'metrics.`a b`',
    'params.lr',
    'params.depth',
    'tags.team',
    'status',
    'attributes.run_name',
    'start_time',
    'end_time',
    'user_id',
  ],
  experiments: ['name', 'experiment_id', 'creation_time', 'last_update_time'],
  'logged-models': [],
  'registered-models': ['name', 'last_updated_timestamp', 'timestamp'],
  'model-versions': ['name', 'version_number', 'creation_timestamp'],
};

export function randomOrder(random: Random, searched: Searched): string[] {
  if (random.chance(0.3)) return [];
  if (random.chance(0.05))
    return [random.pick(['nonsense', 'metrics.lr sideways', 'name asc desc', 'a.b.c'])];
  const first = random.pick(orders[searched]);
  const rest =
    searched === 'runs' && random.chance(0.3) ? ['params.depth'].filter((key) => key !== first) : [];
  return [first, ...rest].map((key) => key + random.pick(['', ' ASC', ' DESC', ' desc']));
}
