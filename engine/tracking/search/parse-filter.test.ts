import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFilter } from './parse-filter.ts';
import type { RunCondition } from './run-condition.ts';
import { printFilter } from './testing/print-filter.ts';
import { randomFilter } from './testing/random-filter.ts';

const now = Date.UTC(2026, 0, 31);
const parse = (text: string) => parseFilter(text, now);
const compare = (
  kind: 'metric' | 'param' | 'tag' | 'attribute' | 'dataset',
  key: string,
  comparator: string,
  value: unknown,
) => ({ kind: 'compare', comparison: { field: { kind, key }, comparator, value } }) as RunCondition;

test('what is printed is read as the same filter', () => {
  fc.assert(
    fc.property(randomFilter, (filter) => {
      expect(parse(printFilter(filter))).toEqual(filter);
    }),
    { numRuns: 2000 },
  );
});

test('nothing that one can type breaks it: a filter, or a problem with its place in the text', () => {
  const typed = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          'AND',
          'or',
          'NOT',
          '(',
          ')',
          '=',
          '<',
          'IN',
          'is',
          'null',
          "'",
          '"',
          '`',
          ',',
          '.',
          ' ',
        ),
        fc.constantFrom('metrics.', 'params.lr', 'started', '-7d', 'starred', '0.5', ';', '~'),
        fc.string({ maxLength: 4 }),
      ),
      { maxLength: 12 },
    )
    .chain((parts) => fc.constantFrom(parts.join(' '), parts.join('')));
  fc.assert(
    fc.property(typed, (text) => {
      try {
        parse(text);
      } catch (error) {
        const { code, at } = error as { code: string; at: { offset: number; length: number } };
        expect(code).toBe('invalid-input');
        expect(at.offset).toBeGreaterThanOrEqual(0);
        expect(at.offset).toBeLessThanOrEqual(text.length);
        expect(at.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 3000 },
  );
});

describe('MLflow’s grammar', () => {
  test.each([
    ["attributes.status = 'FINISHED'", compare('attribute', 'state', '=', 'finished')],
    ['metrics.`val loss` <= 0.5', compare('metric', 'val loss', '<=', 0.5)],
    ['metrics."acc.top-1" > -1e-3', compare('metric', 'acc.top-1', '>', -0.001)],
    ['parameters.lr = "0.1"', compare('param', 'lr', '=', '0.1')],
    ["tags.mlflow.source.name LIKE '%.py'", compare('tag', 'mlflow.source.name', 'LIKE', '%.py')],
    ["tag.team ilike 'a%'", compare('tag', 'team', 'ILIKE', 'a%')],
    ['run_id IN (\'a\', "b")', compare('attribute', 'run_id', 'IN', ['a', 'b'])],
    ["attr.run_id not in ('a')", compare('attribute', 'run_id', 'NOT IN', ['a'])],
    ['params.lr is not null', compare('param', 'lr', 'IS NOT NULL', null)],
    ['attribute.`Run name` != "x"', compare('attribute', 'run_name', '!=', 'x')],
    ["datasets.context = 'train'", compare('dataset', 'context', '=', 'train')],
    ['start_time > 1664067852747', compare('attribute', 'start_time', '>', 1664067852747)],
  ])('%s', (text, expected) => expect(parse(text)).toEqual(expected));
});

describe('and more', () => {
  const words = (text: string, isPrefix = true) => ({ kind: 'words', text, isPrefix });
  test.each<[string, unknown]>([
    ['', { kind: 'all', of: [] }],
    ['adam', words('adam')],
    ['"odd one"', words('odd one', false)],
    ['"still being typ', words('still being typ', false)],
    ["don't", words("don't")],
    ['adam NOT sgd', { kind: 'all', of: [words('adam'), { kind: 'not', of: words('sgd') }] }],
    ['a OR b and c', { kind: 'any', of: [words('a'), { kind: 'all', of: [words('b'), words('c')] }] }],
    ['(a or b) c', { kind: 'all', of: [{ kind: 'any', of: [words('a'), words('b')] }, words('c')] }],
    ['starred', compare('attribute', 'starred', '=', 1)],
    ['params.lr>=0.1', compare('param', 'lr', '>=', 0.1)],
    ['params.lr = adam', compare('param', 'lr', '=', 'adam')],
    ['metrics.val/loss<.5', compare('metric', 'val/loss', '<', 0.5)],
    ['metrics.loss = nan', compare('metric', 'loss', '=', Number.NaN)],
    ['metrics.loss < inf', compare('metric', 'loss', '<', Number.POSITIVE_INFINITY)],
    ['status = Scheduled', compare('attribute', 'state', '=', 'queued')],
    ['duration > 1h30m', compare('attribute', 'duration', '>', 5400)],
    ['started > -7d', compare('attribute', 'start_time', '>', now - 7 * 86_400_000)],
    ['ended < 2026-01-31T10:00Z', compare('attribute', 'end_time', '<', Date.UTC(2026, 0, 31, 10))],
    ['params.x IN (1, two)', compare('param', 'x', 'IN', [1, 'two'])],
  ])('%s', (text, expected) => expect(parse(text)).toEqual(expected));
});

describe('what is wrong, and where', () => {
  test.each([
    ['colour = red', 'colour', 'no field'],
    ['adam metrics.loss < soon', 'soon', 'not a number'],
    ["metrics.loss = '1'", "'1'", 'not a number'],
    ['metrics.loss ~ 1', '~', 'not compared with ~'],
    ['params.lr > high', 'high', 'not a number'],
    ['name < b', 'b', 'neither less nor greater'],
    ['started > soon', 'soon', 'not a time'],
    ['duration > long', 'long', 'not a duration'],
    ['params.lr =', '=', 'nothing to compare'],
    ['= 3', '=', 'Nothing stands before'],
    ['(a OR b', '(', 'not closed'],
    ['a) b', ')', 'Nothing was opened'],
    ['a OR', '', 'Something is missing'],
    ['a AND', '', 'Something is missing'],
    ['NOT', '', 'Something is missing'],
    ['params.x IN (1, )', ')', 'value is missing'],
    ['metrics.loss != = 3', '=', 'nothing to compare'],
  ])('%s', (text, place, what) => {
    try {
      parse(text);
      expect.unreachable();
    } catch (error) {
      const { message, at, next } = error as {
        message: string;
        next: string;
        at: { offset: number; length: number };
      };
      expect(message).toContain(what);
      expect(text.slice(at.offset, at.offset + at.length)).toBe(place);
      expect(next).not.toBe('');
    }
  });
});
