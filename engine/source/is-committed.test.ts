import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isCommitted } from './is-committed.ts';

let folder: string;
const path = () => join(folder, 'repository', 'a [card].md');
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: join(folder, 'repository'),
  });
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-committed-'));
  mkdirSync(join(folder, 'repository'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file is committed when the last commit has it as it is', async () => {
  writeFileSync(path(), 'one\n');
  expect(await isCommitted(path()), 'no repository').toBe(null);
  git('init', '--quiet');
  expect(await isCommitted(path()), 'unknown to git').toBe(false);
  git('add', '.');
  expect(await isCommitted(path()), 'staged').toBe(false);
  git('commit', '--quiet', '-m', 'one');
  expect(await isCommitted(path())).toBe(true);
  appendFileSync(path(), 'two\n');
  expect(await isCommitted(path()), 'edited').toBe(false);
  git('commit', '--quiet', '-am', 'two');
  expect(await isCommitted(path())).toBe(true);
  writeFileSync(join(folder, 'repository', 'ignored.md'), '');
  writeFileSync(join(folder, 'repository', '.git', 'info', 'exclude'), 'ignored.md\n');
  expect(await isCommitted(join(folder, 'repository', 'ignored.md')), 'ignored').toBe(false);
});
