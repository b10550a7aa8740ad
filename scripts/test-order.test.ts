import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dearest } from './test-order.ts';

test('every file that is put first is there', () => {
  expect(dearest.filter((file) => !existsSync(join(import.meta.dirname, '..', file)))).toEqual([]);
});
