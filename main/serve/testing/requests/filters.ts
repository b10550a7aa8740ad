import type { Random } from './random.ts';

/** What a filter or an order is made for: each search of MLflow has its own words. */
export type Searched = 'runs' | 'experiments' | 'logged-models' | 'registered-models' | 'model-versions';

const texts = [
  "'adam'",
  "'Adam'",
  "'3'",
  "'a%'",
  "'%a_b%'",
  '"0.1"',
  "'_'",
  "''",
  "'it''s'",
  '"it\'s"',
  "'ünï'",
  "'%'",
];
const oddTexts = [
  'adam',
  '`adam`',
  "'open",
  '3',
  "'a' 'b'",
  "('adam')",
  "'a\\'b'",
  'NULL',
  '',
  "'x\ny'",
  "'a;b'",
  "'-- no'",
  'true',
  '"',
];
const numbers = ['0', '1', '-1', '0.25', '1e-7', '3', '.5', '5.', '1E3', '1005', '10050', '-0.5'];
const oddNumbers = [
  "'1'",
  'one',
  '1_000',
  '0x10',
  '+1',
  '1e400',
  'nan',
  'inf',
  '--1',
  '1.2.3',
  '(1)',
  '10000000000000000000000',
  '',
];
const textComparators = ['=', '!=', 'LIKE', 'ILIKE', 'like', 'Ilike', '='];
const numberComparators = ['=', '!=', '<', '<=', '>', '>='];
const oddComparators = [
  '==',
  '<>',
  '=>',
  '~',
  '>',
  'IN',
  'NOT LIKE',
  'IS',
  'BETWEEN',
  'RLIKE',
  '=!',
  '===',
  '!',
  'CONTAINS',
];
const lists = ["('adam')", "('adam', '3')", "('a','b','c')", '("adam", \'3\')', "( 'adam' , '3' )"];
const oddLists = [
  '()',
  "('a',)",
  '(1, 2)',
  "('a' 'b')",
  "('a', 1)",
  '(a)',
  "'a'",
  "('a'",
  "('a',,'b')",
  '(NULL)',
];

interface Words {
  /** Keys with numbers behind them, as a filter names them. */
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
  /** What IN is known for. */
  readonly listed: readonly string[];
  /** Texts that are found, less their quotes, of some of the keys. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** Prefixes of keys of their own: metrics, params, tags. */
  readonly metrics: readonly string[];
  readonly pairs: readonly string[];
}

const attributes = (...names: readonly string[]) =>
  names.flatMap((name) => [name, name, `attributes.${name}`, `attribute.${name}`]);

const words: Readonly<Record<Searched, Words>> = {
  runs: {
    numbers: [...attributes('start_time', 'end_time'), 'created', 'run.start_time', 'attr.Created'],
    texts: [
      ...attributes('status', 'run_name', 'user_id', 'run_id', 'artifact_uri'),
      'dataset.name',
      'datasets.digest',
      'dataset.context',
      'attribute.`Run name`',
      '`run_name`',
      '"status"',
      'run.status',
    ],
    listed: ['run_id', 'attributes.run_id', 'dataset.name', 'dataset.digest', 'datasets.context'],
    known: {
      status: ["'FINISHED'", "'RUNNING'", "'F%'", "'finished'", "'%ED'"],
      run_name: ["'first'", "'%t%'", "'third'", "'renamed'", "'A B'"],
      user_id: ["'ada'", "'b%'"],
      name: ["'flights'", "'%e%'"],
      digest: ["'d1'", "'D_'"],
      context: ["'train'", "'eval'"],
    },
    metrics: ['metrics', 'metric', 'metrics'],
    pairs: ['params', 'param', 'parameters', 'tags', 'tags', 'tag'],
  },
  experiments: {
    numbers: attributes('creation_time', 'last_update_time'),
    texts: [...attributes('name'), 'attribute.experiment_id', 'experiment_id', '`name`'],
    listed: ['experiment_id', 'attribute.experiment_id'],
    known: {
      name: ["'churn'", "'%E%'", "'d_lay'", "'default'"],
      experiment_id: ["'1'", "'0'", "'x'", "' 2'"],
    },
    metrics: [],
    pairs: ['tags', 'tag'],
  },
  'logged-models': {
    numbers: [
      'creation_timestamp',
      'creation_time',
      'last_updated_timestamp',
      'attributes.creation_timestamp_ms',
      'last_updated_timestamp_ms',
    ],
    texts: [
      'name',
      'attributes.name',
      'model_type',
      'status',
      'model_id',
      'source_run_id',
      'experiment_id',
      'artifact_location',
      'attribute.name',
    ],
    listed: ['name', 'params.depth', 'tags.team', 'model_id'],
    known: {
      name: ["'net'", "'TREE'", "'%e%'"],
      status: ["'READY'", "'PENDING'", "'2'"],
      model_type: ["'agent'"],
    },
    metrics: ['metrics'],
    pairs: ['params', 'tags', 'tag', 'param'],
  },
  'registered-models': {
    numbers: ['creation_timestamp', 'last_updated_timestamp'],
    texts: [...attributes('name'), '`name`', 'description'],
    listed: ['name', 'attribute.name'],
    known: { name: ["'flights'", "'%I%'", "'p_ices'", "'prompt-one'"] },
    metrics: [],
    pairs: ['tags', 'tag'],
  },
  'model-versions': {
    numbers: ['version_number', 'attribute.version_number', 'creation_timestamp', 'last_updated_timestamp'],
    texts: [...attributes('name', 'source_path'), 'run_id', 'current_stage', 'version'],
    listed: ['name', 'run_id', 'source_path'],
    known: {
      name: ["'flights'", "'%I%'"],
      source_path: ["'s3://bucket/model'", "'s3%'", "'runs:%'"],
      run_id: ["'abc'", "''"],
    },
    metrics: [],
    pairs: ['tags', 'tag'],
  },
};

const keys = [
  'lr',
  'depth',
  '`val/loss`',
  '"acc.top-1"',
  'acc.top-1',
  '`a b`',
  'user',
  'order',
  '`order`',
  '1st',
  'team',
  'team',
  'stage',
  '`mlflow.note.content`',
  'mlflow.runName',
  'dotted.key',
  "'lr'",
  '`lr`',
  'val/loss',
  'group',
  'timestamp',
  'learning-rate',
];

/** Ids and what holds one differ from server to server, so only values that none has are compared with them. */
const holdsId = /(run_id|model_id|artifact_uri|artifact_location)$/;

const valueFor = (random: Random, { known }: Words, key: string): string => {
  if (holdsId.test(key) && !key.startsWith('experiment'))
    return random.pick(["'nobody'", "'%nobody%'", "''"]);
  const own = known[key.replace(/^\w+\./, '').replaceAll('`', '')];
  return own !== undefined && random.chance(0.75) ? random.pick(own) : random.pick(texts);
};

/** `identifier comparator value`, with or without spaces where they do not matter. */
function joined(random: Random, identifier: string, comparator: string, value: string): string {
  const space =
    /\w$/.test(comparator) || random.chance(0.9) ? random.pick([' ', ' ', ' ', '  ', '\t', '\n']) : '';
  return `${identifier}${space}${comparator}${space}${value}`;
}

function clauseOf(random: Random, searched: Searched): string {
  const own = words[searched];
  const kind = random.below(10);
  if (kind < 2 || (kind < 4 && own.metrics.length === 0)) {
    const isMetric = own.metrics.length > 0 && random.chance(0.7);
    const identifier = isMetric
      ? `${random.pick(own.metrics)}.${random.pick(keys)}`
      : random.pick(own.numbers);
    return joined(random, identifier, random.pick(numberComparators), random.pick(numbers));
  }
  if (kind < 4)
    return joined(
      random,
      `${random.pick(own.metrics)}.${random.pick(keys)}`,
      random.pick(numberComparators),
      random.pick(numbers),
    );
  if (kind < 6) {
    const identifier = random.pick(own.texts);
    return joined(random, identifier, random.pick(textComparators), valueFor(random, own, identifier));
  }
  if (kind < 8)
    return joined(
      random,
      `${random.pick(own.pairs)}.${random.pick(keys)}`,
      random.pick(textComparators),
      random.pick(texts),
    );
  if (kind < 9)
    return `${random.pick(own.pairs)}.${random.pick(keys)} ${random.pick(['IS NULL', 'IS NOT NULL', 'is not null', 'Is Null', 'IS  NOT  NULL'])}`;
  return joined(
    random,
    random.pick(own.listed),
    random.pick(['IN', 'NOT IN', 'in', 'not in', 'NOT  IN']),
    random.pick(lists),
  );
}

/** A clause with one thing about it that a rule of the grammar forbids, or that only a parser of SQL takes. */
function oddClauseOf(random: Random, searched: Searched): string {
  const own = words[searched];
  const identifiers = [
    ...own.numbers,
    ...own.texts,
    ...own.pairs.map((pair) => `${pair}.lr`),
    ...own.metrics.map((m) => `${m}.lr`),
  ];
  const identifier = random.pick(identifiers);
  return random.pick([
    () => joined(random, identifier, random.pick(oddComparators), random.pick(texts)),
    () => joined(random, identifier, random.pick(textComparators), random.pick(oddTexts)),
    () => joined(random, identifier, random.pick(numberComparators), random.pick(oddNumbers)),
    () =>
      joined(
        random,
        identifier,
        random.pick(['IN', 'NOT IN']),
        random.pick(
          [...oddLists, ...lists].filter((list) => searched !== 'logged-models' || !/\d|NULL/.test(list)),
        ),
      ),
    () =>
      joined(
        random,
        identifier,
        random.pick([...textComparators, ...numberComparators]),
        random.pick([...texts, ...numbers, ...lists]),
      ),
    () =>
      `${identifier} ${random.pick(['IS NULL', 'IS NOT NULL', 'IS', 'IS NOT', 'NOT NULL', "IS 'x'", 'ISNULL'])}`,
    () =>
      joined(
        random,
        random.pick([
          'foo.bar',
          'nothing',
          'params',
          'params.',
          '.lr',
          "'name'",
          '3',
          'Params.lr',
          'METRICS.lr',
          '`params`.lr',
          'a.b.c',
          'name.x',
          '',
          '$x',
          'tags.`unclosed',
          'models.name',
          'NAME',
          'Status',
          'parameter.lr',
        ]),
        random.pick(['=', '>', 'LIKE']),
        random.pick(["'a'", '1']),
      ),
    () =>
      random.pick([
        'nonsense',
        "'a'",
        '1',
        '(',
        ')',
        '()',
        ',',
        ';',
        'AND',
        'OR',
        'NOT',
        '= 1',
        "name = 'a' name = 'b'",
        "(name = 'a')",
        "NOT name = 'a'",
        "name = 'a';",
        "name = 'a'; name = 'b'",
        "name = 'a' -- note",
        "name = 'a' /* note */",
        'SELECT 1',
        '*',
        "name 'a'",
        "name = = 'a'",
        "'a' = name",
        'name = name',
        "name ='a' OR name='b'",
        '1 = 1',
        "name = 'a' LIMIT 1",
        "lower(name) = 'a'",
        "name = 'a' + 'b'",
        'name = -1',
        'name = - 1',
        'metrics.lr > -.5',
        "name || 'a' = 'b'",
        '#',
      ]),
  ])();
}

/** A filter out of the grammar of a search; now and then one that breaks a rule of it. */
export function filterOf(random: Random, searched: Searched): string {
  if (random.chance(0.1)) return random.pick(['', '', ' ', '\n']);
  const count = random.pick([1, 1, 1, 2, 2, 3]);
  const clauses = Array.from({ length: count }, () =>
    random.chance(0.22) ? oddClauseOf(random, searched) : clauseOf(random, searched),
  );
  const text = clauses.join(random.pick([' AND ', ' AND ', ' and ', ' And ', '  AND\n']));
  if (random.chance(0.97)) return text;
  return random.pick([
    `${text} AND`,
    `AND ${text}`,
    `(${text})`,
    `${text} `,
    ` ${text}`,
    `${text} AND AND ${text}`,
    text.slice(0, -1),
    text.slice(1),
  ]);
}
