import type { PlannedRequest } from './plan.ts';

/** A name with its JSON. */
type Case = readonly [what: string, json: string];

/** Values that do not fit somewhere, as they stand in JSON. */
const oddValues: readonly Case[] = [
  ['null', 'null'],
  ['true', 'true'],
  ['a number', '5'],
  ['a negative number', '-5'],
  ['a fraction', '1.5'],
  ['a fraction of nothing', '2.0'],
  ['a text', '"text"'],
  ['a number as text', '"7"'],
  ['blanks', '"  "'],
  ['nothing', '""'],
  ['a list', '[]'],
  ['a list of numbers', '[1]'],
  ['an object', '{}'],
  ['an object in a list', '[{}]'],
  ['a list in a list', '[[]]'],
  ['2^53 + 1', '9007199254740993'],
  ['2^63 - 1', '9223372036854775807'],
  ['2^63', '9223372036854775808'],
  ['2^63 as text', '"9223372036854775808"'],
  ['1e400', '1e400'],
  ['NaN as text', '"NaN"'],
  ['-Infinity as text', '"-Infinity"'],
  ['a long text', `"${'x'.repeat(20_002)}"`],
  ['a zero byte', '"a\\u0000b"'],
  ['half a pair', '"\\ud800"'],
];

/** Sound requests, field by field; `RUN` stands for the id of a fresh run. */
const sound: readonly {
  readonly path: string;
  readonly method?: string;
  readonly fields: Readonly<Record<string, string>>;
}[] = [
  { path: 'runs/log-metric', fields: { run_id: '"RUN"', key: '"m"', value: '1', timestamp: '1', step: '1' } },
  { path: 'runs/log-parameter', fields: { run_id: '"RUN"', key: '"p"', value: '"x"' } },
  { path: 'runs/set-tag', fields: { run_id: '"RUN"', key: '"t"', value: '"x"' } },
  { path: 'runs/update', fields: { run_id: '"RUN"', status: '"FINISHED"', end_time: '5', run_name: '"n"' } },
  {
    path: 'runs/log-batch',
    fields: {
      run_id: '"RUN"',
      metrics: '[{"key":"m","value":1,"timestamp":1,"step":1}]',
      params: '[{"key":"p","value":"x"}]',
      tags: '[{"key":"t","value":"x"}]',
    },
  },
  { path: 'runs/log-inputs', fields: { run_id: '"RUN"', datasets: '[]', models: '[]' } },
  {
    path: 'runs/search',
    fields: {
      experiment_ids: '["0"]',
      filter: '""',
      max_results: '5',
      order_by: '[]',
      run_view_type: '"ALL"',
      page_token: '""',
    },
  },
  {
    path: 'experiments/search',
    fields: { max_results: '5', filter: '""', order_by: '[]', view_type: '"ALL"', page_token: '""' },
  },
  { path: 'experiments/set-experiment-tag', fields: { experiment_id: '"0"', key: '"t"', value: '"x"' } },
  {
    path: 'logged-models/search',
    fields: { experiment_ids: '["0"]', filter: '""', max_results: '5', order_by: '[]', datasets: '[]' },
  },
  { path: 'registered-models/get-latest-versions', fields: { name: '"nobody"', stages: '[]' } },
  {
    path: 'model-versions/transition-stage',
    fields: { name: '"nobody"', version: '"1"', stage: '"None"', archive_existing_versions: 'false' },
  },
];

const request = (path: string, body: string, method = 'POST'): PlannedRequest => ({
  method,
  path: `/api/2.0/mlflow/${path}`,
  body,
});

const objectOf = (fields: Readonly<Record<string, string>>) =>
  `{${Object.entries(fields)
    .map(([name, json]) => `"${name}":${json}`)
    .join(',')}}`;

/** Every field of every sound request with every odd value, and bodies that are no object of fields. */
export function* wrongRequests(): Generator<{ readonly what: string; readonly request: PlannedRequest }> {
  for (const { path, fields } of sound) {
    for (const name of Object.keys(fields))
      for (const [what, json] of oddValues)
        yield { what: `${what} for ${name}`, request: request(path, objectOf({ ...fields, [name]: json })) };
    const whole = objectOf(fields);
    const bodies: readonly Case[] = [
      ['nothing', ''],
      ['an empty object', '{}'],
      ['an unknown field', objectOf({ ...fields, unheard: '[1]' })],
      ['a body as text in JSON', JSON.stringify(whole)],
      ['half a body', whole.slice(0, -3)],
      ['a list', `[${whole}]`],
      ['null', 'null'],
      ['a number', '5'],
      ['NaN as a word', whole.replace(/:1[,}]/, ':NaN,')],
      [
        'camel case',
        whole.replaceAll(
          /"([a-z_]+)":/g,
          (_, name: string) =>
            `"${name.replaceAll(/_([a-z])/g, (__, letter: string) => letter.toUpperCase())}":`,
        ),
      ],
      ['both spellings', whole.replace('"run_id":"RUN"', '"run_id":"RUN","runId":"RUN"')],
      ['deep brackets', `{"run_id":${'['.repeat(3000)}${']'.repeat(3000)}}`],
      ['a field twice', whole.replace('{', '{"run_id":"other",')],
      ['a byte order mark', `\ufeff${whole}`],
    ];
    for (const [what, body] of bodies) yield { what, request: request(path, body) };
  }
}
