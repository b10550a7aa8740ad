import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFilter } from './filter.ts';
import { MlflowError } from './mlflow-error.ts';
import { parseOrderBy } from './order-by.ts';
import { pageToken, readPageToken } from './page-token.ts';
import { runSearch } from './run-filter.ts';

const bare = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
const quoted = fc.oneof(
  fc.stringMatching(/^[^`'"\\]{1,12}$/).map((name) => `\`${name}\``),
  fc.stringMatching(/^[^`'"\\]{1,12}$/).map((name) => `"${name}"`),
);
const words = ['and', 'is', 'not', 'in', 'null', 'like', 'ilike'];
const name = fc.oneof(bare, quoted).filter((text) => !words.includes(text.toLowerCase()));
const text = fc.stringMatching(/^[^'"\\]{0,12}$/).map((value) => `'${value}'`);
const number = fc
  .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }))
  .map(String);
const space = fc.stringMatching(/^[ \t\n]{1,3}$/);

const comparison = fc.oneof(
  fc.record({
    field: name.map((key) => `metrics.${key}`),
    comparator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
    value: number,
  }),
  fc.record({
    field: name.map((key) => `params.${key}`),
    comparator: fc.constantFrom('=', '!=', 'LIKE', 'ilike'),
    value: text,
  }),
  fc.record({
    field: name.map((key) => `tags.${key}`),
    comparator: fc.constantFrom('IS NULL', 'is not null'),
    value: fc.constant(''),
  }),
  fc.record({
    field: fc.constant('run_id'),
    comparator: fc.constantFrom('IN', 'not in'),
    value: fc.array(text, { minLength: 1, maxLength: 4 }).map((items) => `(${items.join(', ')})`),
  }),
);

describe('the grammar of filters', () => {
  test('reads back every filter it can be given, whatever the spaces', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(comparison, space), { minLength: 1, maxLength: 5 }), (parts) => {
        const filter = parts
          .map(([{ field, comparator, value }, gap]) => [field, comparator, value].join(gap))
          .join(' AND ');
        const parsed = parseFilter(filter);
        expect(parsed.map(({ identifier }) => identifier)).toEqual(parts.map(([{ field }]) => field));
        expect(parsed.map(({ comparator }) => comparator)).toEqual(
          parts.map(([part]) => part.comparator.toUpperCase()),
        );
        expect(parsed.map(({ value }) => (value.kind === 'none' ? '' : value.text))).toEqual(
          parts.map(([part]) => part.value),
        );
        expect(runSearch(filter, []).where).toMatchObject({ of: { length: parts.length } });
      }),
      { numRuns: 500 },
    );
  });

  test('never fails otherwise than by refusing', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc
        .array(
          fc.constantFrom(
            'metrics.a',
            "'x'",
            '"y"',
            '`z`',
            '=',
            'IN',
            '(',
            ')',
            ',',
            ';',
            'NOT',
            'IS',
            'NULL',
            'AND',
            '1',
            '-',
            '.',
          ),
        )
        .map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(anything, (filter) => {
        for (const read of [
          () => runSearch(filter, []),
          () => parseOrderBy(filter),
          () => runSearch('', [filter]),
        ]) {
          try {
            read();
          } catch (error) {
            expect(error).toBeInstanceOf(MlflowError);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['metrics.m > 1 OR metrics.m < 2', "Invalid clause(s) in filter string: 'OR'"],
    ["(params.p = '1')", "Invalid clause(s) in filter string: '(params.p = '1')'"],
    [
      "foo.a = 'x'",
      "Invalid entity type 'foo'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']",
    ],
    ["metrics.m > 'a'", "Expected numeric value type for metric. Found 'a'"],
    ['params.p = 1', "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 1"],
    [
      "run_name IN ('a')",
      "Only ['run_id'] attributes support comparison with a list of quoted string values.",
    ],
    ['end_time <= +1', "Invalid clause(s) in filter string: 'end_time', '<=', '+', '1'"],
    ['metrics.m > 1e+5', 'Invalid clause(s) in filter string:'],
    [
      'run_id IN ()',
      'While parsing a list in the query, expected a non-empty list of string values, but got empty list',
    ],
  ])('%s is refused in MLflow’s words', (filter, message) => {
    expect(() => runSearch(filter, [])).toThrow(message);
  });
});

test('an order is an identifier and a direction', () => {
  expect(runSearch('', ['metrics.`val loss` desc', 'start_time']).order).toEqual([
    { field: { kind: 'metric', key: 'val loss' }, isDescending: true },
    { field: { kind: 'attribute', key: 'start_time' }, isDescending: false },
  ]);
  expect(() => runSearch('', ['metrics.a', 'metrics.a DESC'])).toThrow('duplicate fields');
});

test('a page token comes back as it went out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null))),
      (after) => {
        const clean = after.map((value) => (Object.is(value, -0) ? 0 : value));
        expect(readPageToken(pageToken(clean))).toEqual(clean);
      },
    ),
  );
});
