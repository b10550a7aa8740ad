import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installationPath } from '../installation.ts';
import { stricter, camelCase } from './testing/compare-bad-input.ts';
import { reasons } from './testing/reasons-to-differ.ts';

test('docs/mlflow.md says of every difference that the comparison lets pass why it is there', () => {
  const page = readFileSync(join(installationPath, 'docs/mlflow.md'), 'utf8');
  const told = [...page.matchAll(/^\| ([^|]+) \|/gm)].map(([, what]) => what);
  const taken = [...reasons.map(({ reason }) => reason), stricter, camelCase];
  expect(taken.filter((reason) => !told.includes(reason))).toEqual([]);
});
