import { expect, test } from 'vitest';
import { type ExecutionRecord, newRow } from './execution-rows.ts';
import { createExecutionNews } from './follow-execution.ts';

test('the last that is told of an execution is how it ended, also where that comes while changes are gathered', async () => {
  const record: ExecutionRecord = {
    id: 'e',
    projectId: 'p',
    status: 'running',
    cause: 'by hand',
    settings: { jobs: null, isForced: false, keepGoing: false },
    startedAt: 1,
    endedAt: null,
  };
  const row = newRow('a');
  const news = createExecutionNews({ record: () => record, rows: () => [row] });
  const told: unknown[] = [];
  for await (const { event } of news.follow(new AbortController().signal)) {
    told.push([event.execution.status, event.execution.counts]);
    if (told.length === 1) news.tell([{ ...row, state: 'up-to-date' }]);
    if (told.length === 2)
      // When the generator has gone on to gather.
      setImmediate(() => {
        Object.assign(record, { status: 'finished', endedAt: 2 });
        news.tell([]);
        news.end();
      });
  }
  expect(told).toEqual([
    ['running', { waiting: 1 }],
    ['running', { 'up-to-date': 1 }],
    ['finished', { 'up-to-date': 1 }],
  ]);
});
