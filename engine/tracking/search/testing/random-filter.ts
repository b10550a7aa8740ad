import fc from 'fast-check';
import type { RunComparison, RunCondition } from '../run-condition.ts';

/** For tests: names and values that collide often, so that random filters find something. */
export const names = ['lr', 'val/loss', 'a b', 'top.1', 'x"y', '`'] as const;
export const values = [
  '0.1',
  '10',
  'adam',
  'Adam',
  '1e-3',
  '-5',
  'a_b%',
  "it's",
  '',
  'odd one',
  '2026-01-31',
  '1.2.3',
];
export const numbers = [0, 0.1, 10, -5, 0.001, 1.2, Number.POSITIVE_INFINITY];

const name = fc.constantFrom(...names);
const text = fc.constantFrom(...values);
const number = fc.constantFrom(...numbers.filter(Number.isFinite));
const equality = fc.constantFrom('=' as const, '!=' as const);
const ordering = fc.constantFrom('=', '!=', '<', '<=', '>', '>=' as const);
const patterns = fc.constantFrom('LIKE', 'ILIKE', '~' as const);
const pattern = fc.constantFrom('%a%', 'A%', '_dam', '%1', 'b%', "it's", '%');
const presence = fc.constantFrom('IS NULL', 'IS NOT NULL' as const);
const membership = fc.constantFrom('IN', 'NOT IN' as const);

const metric = name.map((key) => ({ kind: 'metric' as const, key }));
const pair = fc.tuple(fc.constantFrom('param', 'tag' as const), name).map(([kind, key]) => ({ kind, key }));
const attribute = <K extends string>(...keys: K[]) =>
  fc.constantFrom(...keys).map((key) => ({ kind: 'attribute' as const, key }));

const of = (
  field: fc.Arbitrary<RunComparison['field']>,
  comparator: fc.Arbitrary<RunComparison['comparator']>,
  value: fc.Arbitrary<RunComparison['value']>,
): fc.Arbitrary<RunComparison> => fc.record({ field, comparator, value });

const comparison: fc.Arbitrary<RunComparison> = fc.oneof(
  of(metric, ordering, fc.constantFrom(...numbers)),
  of(metric, equality, fc.constant(Number.NaN)),
  of(metric, membership, fc.array(number, { minLength: 1, maxLength: 3 })),
  of(pair, ordering, number),
  of(pair, equality, text),
  of(pair, patterns, pattern),
  of(pair, membership, fc.array(fc.oneof(text, number), { minLength: 1, maxLength: 3 })),
  of(fc.oneof(metric, pair), presence, fc.constant(null)),
  of(attribute('run_name', 'note', 'source'), fc.oneof(equality, patterns), fc.oneof(text, pattern)),
  of(attribute('state'), equality, fc.constantFrom('finished', 'failed', 'lost', 'queued')),
  of(attribute('start_time', 'end_time', 'created_at'), ordering, fc.constantFrom(0, 5, 20)),
  of(attribute('end_time'), presence, fc.constant(null)),
  of(attribute('starred'), equality, fc.constant(1)),
);

const words = fc.oneof(
  fc.record({
    kind: fc.constant('words' as const),
    text: fc.constantFrom('ad', 'adam', 'odd', 'one', '0.1', 'diverged', 'b', '%'),
    isPrefix: fc.constant(true),
  }),
  fc.record({
    kind: fc.constant('words' as const),
    text: fc.constantFrom('odd one', 'one', 'diverged at 100 %', 'ad', 'it\'s "so"'),
    isPrefix: fc.constant(false),
  }),
);

/** Filters as the parser makes them: no `all` right below an `all`, no `any` below an `any`, two parts or more. */
export const randomFilter: fc.Arbitrary<RunCondition> = fc.letrec<{ tree: RunCondition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.oneof(
      comparison.map((found): RunCondition => ({ kind: 'compare', comparison: found })),
      words,
    ),
    tie('tree').map((inner): RunCondition => ({ kind: 'not', of: inner })),
    fc
      .tuple(fc.constantFrom('all', 'any' as const), fc.array(tie('tree'), { minLength: 2, maxLength: 3 }))
      .map(([kind, parts]): RunCondition => ({ kind, of: parts })),
  ),
})).tree;
