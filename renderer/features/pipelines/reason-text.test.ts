import { expect, test } from 'vitest';
import type { StageReason } from '../../../contract/index.ts';
import { reasonSummary, reasonText } from './reason-text.ts';

const dep = (more: Partial<Extract<StageReason, { kind: 'dep' }>>): StageReason => ({
  kind: 'dep',
  path: 'data',
  change: 'modified',
  files: [],
  fileCount: 0,
  beforeId: null,
  afterId: null,
  ...more,
});

test('a reason names the input and the difference', () => {
  const param = { kind: 'param', file: 'params.yaml', name: 'train.lr', before: '0.1', after: null } as const;
  expect(reasonText(param)).toBe('lr 0.1 → none');
  expect(reasonText(dep({}))).toBe('data changed');
  expect(reasonText(dep({ change: 'missing' }))).toBe('data is missing');
  const files = [{ path: 'may.csv', change: 'added' }] as const;
  expect(reasonText(dep({ files: [...files], fileCount: 1 }))).toBe('data/may.csv added');
  const itself = { path: 'prep.py', files: [{ path: 'prep.py', change: 'modified' as const }], fileCount: 1 };
  expect(reasonText(dep(itself))).toBe('prep.py changed');
  expect(reasonText(dep({ files: [...files], fileCount: 12 }))).toBe('data: 12 files changed');
  expect(reasonText({ kind: 'output', path: 'model.json', change: 'missing' })).toBe('model.json missing');
  expect(reasonSummary([{ kind: 'never-run' }])).toBe('never run');
  expect(reasonSummary([{ kind: 'upstream', stage: 'prepare' }, param])).toBe('after prepare, 1 more');
  expect(reasonSummary([])).toBe('');
});
