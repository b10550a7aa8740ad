import { expect, test } from 'vitest';
import type { StageReason } from './pipelines.ts';
import { reasonText, warningRemedy, warningText } from './stage-reason-text.ts';

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
  expect(reasonText(dep({ files: [...files], fileCount: 12 }))).toBe('data: 12 files changed');
  expect(reasonText({ kind: 'output', path: 'model.json', change: 'missing' })).toBe('model.json missing');
  const command = (before: string, after: string) => reasonText({ kind: 'command', before, after });
  expect(command('python train.py --l2 0.1 --seed 7', 'python train.py --l2 0.2 --seed 7')).toBe(
    'command changed: --l2 0.1 → --l2 0.2',
  );
  expect(command('make', 'make --fast')).toBe('command changed: none → --fast');
  expect(command('a a', 'a')).toBe('command changed: a → none');
});

test('a warning names what it is about, and what to do', () => {
  const undeclared = { kind: 'undeclared-input', path: 'data/may.csv' } as const;
  expect(warningText(undeclared)).toBe(
    'reads data/may.csv, which is not among its deps: a change there goes unnoticed',
  );
  expect(warningRemedy(undeclared)).toMatch(/^Add it to deps\. .*may read others/);
  expect(warningRemedy({ kind: 'by-dvc-lock' })).toBeNull();
});
