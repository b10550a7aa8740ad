import { expect, test } from 'vitest';
import type { Span } from '../../../contract/index.ts';
import { spanRows } from './span-rows.ts';

const span = (
  spanId: string,
  parentSpanId: string | null,
  startedAt: number,
  endedAt: number | null,
): Span => ({
  spanId,
  parentSpanId,
  name: spanId,
  type: null,
  status: 'OK',
  statusMessage: '',
  startedAt,
  endedAt,
  inputs: null,
  outputs: null,
  attributes: [],
  events: [],
});
const shape = (spans: Span[]) => spanRows(spans).map((row) => `${' '.repeat(row.depth)}${row.span.spanId}`);

test('each span stands below its parent, siblings by their start', () => {
  expect(
    shape([span('c', 'a', 50, 60), span('a', null, 0, 100), span('b', 'a', 10, 40), span('d', 'b', 11, 12)]),
  ).toEqual(['a', ' b', '  d', ' c']);
});

test('a bar has its place on the axis of the whole trace; an open one reaches to its end', () => {
  expect(
    spanRows([span('a', null, 100, 200), span('b', 'a', 125, 150), span('c', 'a', 150, null)]),
  ).toMatchObject([
    { offset: 0, share: 1, durationMs: 100 },
    { offset: 0.25, share: 0.25, durationMs: 25 },
    { offset: 0.5, share: 0.5, durationMs: null },
  ]);
});

test('a lost parent, a circle and a moment without length hide nothing', () => {
  expect(shape([span('a', 'gone', 0, 1)])).toEqual(['a']);
  expect(shape([span('a', 'b', 0, 1), span('b', 'a', 0, 1), span('c', null, 2, 3)])).toEqual([
    'c',
    'a',
    ' b',
  ]);
  expect(spanRows([span('a', null, 5, 5)])).toMatchObject([{ offset: 0, share: 0, durationMs: 0 }]);
  expect(spanRows([])).toEqual([]);
});
