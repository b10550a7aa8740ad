import { expect, test } from 'vitest';
import { reasonSummary } from './reason-summary.ts';

test('the first reason, and how many more there are', () => {
  const param = { kind: 'param', file: 'params.yaml', name: 'train.lr', before: '0.1', after: null } as const;
  expect(reasonSummary([{ kind: 'never-run' }])).toBe('no result yet');
  expect(reasonSummary([{ kind: 'upstream', stage: 'prepare' }, param])).toBe('after prepare, 1 more');
  expect(reasonSummary([])).toBe('');
});
