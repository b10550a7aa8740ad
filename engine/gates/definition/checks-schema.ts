import { z } from 'zod';
import { qualityMetrics } from '../../statistics/index.ts';

// The keys of checks.yaml as they are written.

const text = z.string({ error: 'must be a text' });
const number = z.number({ error: 'must be a number' });
const time = z.union([z.number(), z.string()], { error: 'must be a time, such as 20 ms' });
const texts = (what: string) => z.array(text, { error: `must be a list of ${what}` });
const metric = z.enum(qualityMetrics, { error: `must be one of ${qualityMetrics.join(', ')}` });
const level = z.enum(['block', 'warn', 'off'], { error: 'must be block, warn or off' });

/** A check is a level, or a map with levels and its own settings. */
const check = <Settings extends z.ZodRawShape>(about: string, settings: Settings) =>
  z
    .union(
      [
        level,
        z.strictObject({
          level: level.optional().describe('What it does when it fails, in every environment.'),
          staging: level.optional().describe('The same for staging alone.'),
          production: level.optional().describe('The same for production alone.'),
          ...settings,
        }),
      ],
      { error: 'must be block, warn or off, or a map with a level' },
    )
    .optional()
    .describe(about);

const evaluation = z
  .strictObject(
    {
      data: text
        .optional()
        .describe(
          'The held-out table, as a path of the project: CSV, TSV or Parquet. No run may have trained on it.',
        ),
      label: text.optional().describe('The column with what is true. Default `label`.'),
      id: text.optional().describe('The column that names a row; the place of the row when left out.'),
      features: texts('columns')
        .optional()
        .describe('What the model reads; all but label and id when left out.'),
      positive: z
        .union([text, z.number(), z.boolean()], { error: 'must be a class' })
        .optional()
        .describe('The class that is looked for, where there are two.'),
      metric: metric.optional().describe(`What decides: ${qualityMetrics.join(', ')}.`),
      also: z
        .array(metric, { error: 'must be a list of metrics' })
        .optional()
        .describe('Metrics that are shown beside it.'),
      confidence: number
        .min(0.5, 'must be from 0.5 to 0.999')
        .max(0.999, 'must be from 0.5 to 0.999')
        .optional()
        .describe('Of the intervals. Default 0.95.'),
      resamples: number
        .int('must be a whole number')
        .min(200, 'must be from 200 to 100000')
        .max(100_000, 'must be from 200 to 100000')
        .optional()
        .describe('How often the rows are drawn anew. Default 2000.'),
      seed: number
        .int('must be a whole number')
        .min(0, 'must not be negative')
        .optional()
        .describe('Of the draws; the same one gives the same intervals. Default 1.'),
      method: z
        .enum(['bca', 'percentile'], { error: 'must be bca or percentile' })
        .optional()
        .describe('Of the intervals. Default percentile.'),
    },
    { error: 'must be a map of keys' },
  )
  .optional()
  .describe('The held-out rows that versions are compared on, and by what.');

const checks = {
  code_snapshot: check('The code of its run is stored.', {}),
  environment_locked: check('Interpreter and packages of its run are recorded.', {}),
  data_pinned: check('Everything its run read is recorded as data versions.', {}),
  licences: check('The licence of every package, and of the base model, is known.', {
    refuse: texts('licences')
      .optional()
      .describe('Words of licences that must not be among them, such as `AGPL`.'),
    ignore: texts('packages').optional().describe('Packages that are not looked at.'),
  }),
  no_secrets: check('No file of the model, and no text file of its run, holds what looks like a secret.', {}),
  card: check('The model card has all it needs.', {}),
  reproduces: check('Its run was run once more and came out the same.', {
    within: z
      .enum(['identical', 'tolerance'], { error: 'must be identical or tolerance' })
      .optional()
      .describe('How close it must be. Default tolerance.'),
  }),
  beats_champion: check('It is better than the champion on the held-out rows, or is the first.', {
    at_least: number
      .optional()
      .describe(
        'By how much, at the low end of the interval; negative for how much worse it may be. Default 0.',
      ),
  }),
  slices: check('On no part of the rows it is worse than a limit.', {
    columns: texts('columns')
      .optional()
      .describe('Columns whose values are the parts; those with few values when left out.'),
    no_worse_than: number.optional().describe('The limit of the metric on every part.'),
    behind_whole: number
      .optional()
      .describe('By how much the metric of a part may be worse than that of all rows.'),
    min_rows: number
      .int('must be a whole number')
      .min(2, 'must be at least 2')
      .optional()
      .describe('Parts with fewer rows are named, and not judged. Default 30.'),
  }),
  latency: check('One row at a time is answered soon enough, in the model’s own environment.', {
    p50: time.optional().describe('Half of the answers within this time, such as `5 ms`.'),
    p95: time.optional().describe('95 of a hundred within this time.'),
    rows: number
      .int('must be a whole number')
      .min(10, 'must be from 10 to 10000')
      .max(10_000, 'must be from 10 to 10000')
      .optional()
      .describe('Answers that are timed. Default 200.'),
  }),
  tests: check('The tests end well on the code of its run.', {
    command: text.optional().describe('What the shell runs in the project’s folder, such as `pytest -q`.'),
    timeout: time.optional().describe('It is ended after this time. Default 30 min.'),
  }),
};

export const checksSchema = z.strictObject(
  {
    evaluation,
    checks: z
      .strictObject(checks, { error: 'must be a map of checks' })
      .optional()
      .describe('What is judged, check by check.'),
  },
  { error: 'must be a map with `evaluation` and `checks`' },
);

/** For "did you mean". */
export const checksKeys = [
  'evaluation',
  'checks',
  ...Object.keys(evaluation.unwrap().shape),
  ...Object.keys(checks),
  'level',
  'staging',
  'production',
  'refuse',
  'ignore',
  'within',
  'at_least',
  'columns',
  'no_worse_than',
  'behind_whole',
  'min_rows',
  'p50',
  'p95',
  'rows',
  'command',
  'timeout',
];

/** The JSON Schema of checks.yaml, for editors: the schema that it is read with. */
export function checksJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(checksSchema, { target: 'draft-7', io: 'input' });
  return {
    $schema,
    title: 'checks.yaml',
    description: 'What judges the models of a project in Benchtop (docs/gates.md).',
    ...schema,
  };
}
