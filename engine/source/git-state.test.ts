import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gitState, withoutCredentials } from './git-state.ts';

let folder: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-git-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder without a repository has no state and no problem', async () => {
  expect(await gitState(folder)).toEqual({ git: null, problem: null });
});

test('commit, branch, changes and the remote without its credentials', async () => {
  git('init', '--quiet', '--initial-branch=main');
  expect((await gitState(folder)).git).toEqual({
    commit: null,
    branch: 'main',
    isDirty: false,
    remoteUrl: null,
  });
  writeFileSync(join(folder, 'train.py'), 'print(1)\n');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
  git('remote', 'add', 'upstream', 'https://host.example/other.git');
  git('remote', 'add', 'origin', 'https://me:s3cret@host.example/flights.git');
  const commit = git('rev-parse', 'HEAD');
  const clean = { commit, branch: 'main', isDirty: false, remoteUrl: 'https://host.example/flights.git' };
  expect((await gitState(folder)).git).toEqual(clean);
  writeFileSync(join(folder, 'new.py'), '');
  expect((await gitState(folder)).git).toEqual({ ...clean, isDirty: true });
  rmSync(join(folder, 'new.py'));
  git('checkout', '--quiet', '--detach');
  expect((await gitState(folder)).git).toEqual({ ...clean, branch: null });
});

test('nothing is written and no program of the repository is run', async () => {
  git('init', '--quiet');
  writeFileSync(join(folder, 'train.py'), 'print(1)\n');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
  const spy = join(folder, '.git', 'hooks', 'fsmonitor');
  writeFileSync(spy, `#!/bin/sh\ntouch "${join(folder, 'was-run')}"\n`);
  chmodSync(spy, 0o755);
  git('config', 'core.fsmonitor', spy);
  // A changed mtime makes an ordinary `git status` write the index again.
  utimesSync(join(folder, 'train.py'), new Date(2020, 1, 1), new Date(2020, 1, 1));
  const index = join(folder, '.git', 'index');
  const before = { bytes: readFileSync(index), mtimeMs: statSync(index).mtimeMs };
  expect((await gitState(folder)).git?.isDirty).toBe(false);
  expect({ bytes: readFileSync(index), mtimeMs: statSync(index).mtimeMs }).toEqual(before);
  expect(existsSync(join(folder, 'was-run'))).toBe(false);
});

test('a repository that git refuses is a problem in git’s own words', async () => {
  git('init', '--quiet');
  writeFileSync(join(folder, '.git', 'config'), '[core\n');
  const { git: state, problem } = await gitState(folder);
  expect(state).toBeNull();
  expect(problem).toMatch(/^git: .*bad config/);
});

test.each([
  ['https://user:token@host.example/a.git', 'https://host.example/a.git'],
  ['https://ghp_token@host.example/a.git?private_token=x#y', 'https://host.example/a.git'],
  ['ssh://git:pw@host.example/a.git', 'ssh://git@host.example/a.git'],
  ['git@host.example:team/a.git', 'git@host.example:team/a.git'],
  ['/srv/git/a.git', '/srv/git/a.git'],
])('%s is shown as %s', (address, shown) => expect(withoutCredentials(address)).toBe(shown));
