import { expect, test } from 'vitest';
import { fixtureExecution } from '../../../contract/fixture-pipeline.ts';
import type { StageStatus } from '../../../contract/index.ts';
import { countLooks, stageLook } from './stage-look.ts';

const status = (state: StageStatus['state']): StageStatus => ({
  name: 'a',
  state,
  reasons: [],
  warnings: [],
  runId: null,
  expectedMs: null,
});
const last = (state: Parameters<typeof fixtureExecution>[1][number]['state']) =>
  fixtureExecution('finished', [{ name: 'a', ...(state === undefined ? {} : { state }) }]).stages[0];

test('while an execution goes on it tells; afterwards what a stage needs, and a failure until it is mended', () => {
  expect(stageLook(status('stale'), last('waiting'), true)).toBe('waiting');
  expect(stageLook(status('up-to-date'), last('finished'), false)).toBe('up-to-date');
  expect(stageLook(status('stale'), last('finished'), false)).toBe('stale');
  expect(stageLook(status('stale'), last('failed'), false)).toBe('failed');
  expect(stageLook(status('restorable'), last('failed'), false)).toBe('restorable');
  expect(stageLook(undefined, last('killed'), false)).toBe('killed');
  expect(stageLook(undefined, undefined, false)).toBe('unknown');
});

test('the worst is counted first', () => {
  expect(countLooks(['finished', 'stale', 'failed', 'stale'])).toEqual([
    { look: 'failed', count: 1 },
    { look: 'stale', count: 2 },
    { look: 'finished', count: 1 },
  ]);
});
