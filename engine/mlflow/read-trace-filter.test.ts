import { expect, test } from 'vitest';
import { errorShapeOf } from '../../contract/index.ts';
import { readTraceFilter } from './read-trace-filter.ts';

const word = (value: string) => ({ field: { kind: 'word' }, comparator: '~', value });

test('conditions are those of MLflow, and what is none is a word to find', () => {
  expect(readTraceFilter('')).toEqual([]);
  expect(readTraceFilter(`flight status = ERROR and execution_time_ms > 500 "look up" 'late' 12`)).toEqual([
    word('flight'),
    { field: { kind: 'attribute', key: 'status' }, comparator: '=', value: 'ERROR' },
    { field: { kind: 'attribute', key: 'execution_time_ms' }, comparator: '>', value: 500 },
    word('look up'),
    word('late'),
    word('12'),
  ]);
});

test.each([
  [
    "name = 'a' AND colour = 'x'",
    "colour = 'x'",
    /^Invalid attribute key 'colour' specified\. Valid keys are request_id, /,
  ],
  ["late status > 'OK'", "status > 'OK'", /comparator '>' not one of /],
  ['execution_time_ms >', '>', /^">" is not part of a condition/],
  ["status = 'OK' OR late", 'OR', /joined by AND only, not by OR/],
  ['( late )', '( late )', /is not part of a condition/],
])('%s is refused at its place, in plain words', (filter, part, what) => {
  const error = (() => {
    try {
      return readTraceFilter(filter);
    } catch (thrown) {
      return errorShapeOf(thrown);
    }
  })();
  expect(error).toMatchObject({
    code: 'invalid-input',
    what: expect.stringMatching(what),
    at: { offset: filter.lastIndexOf(part), length: part.length },
    next: expect.stringContaining('joined by AND'),
  });
});
