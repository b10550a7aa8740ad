import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dirtyRepositories, stateOf } from './fixture-dirty.ts';
import { fixtureRepository, type FixtureRepository } from './fixture-repository.ts';
import { javascriptGit } from './javascript-git.ts';
import { programGit } from './program-git.ts';

let at: FixtureRepository;
beforeEach(() => {
  at = fixtureRepository();
});
afterEach(() => at.remove());

/** The long form takes a hundred of each. */
test.each(Object.entries(dirtyRepositories))('left alone by both ways: %s', async (_state, build) => {
  const workingFolder = build(at) ?? at.project;
  const before = stateOf(at, workingFolder, 'before');
  for (const best of [programGit, javascriptGit]) {
    const { commitId } = await at.snapshot(best, { workingFolder });
    expect(commitId).toMatch(/^[0-9a-f]{40}$/);
  }
  expect(stateOf(at, workingFolder, 'after')).toEqual(before);
});

test('the state that is compared shows what a plain `git add` does to it', () => {
  const build = dirtyRepositories['staged, unstaged, untracked, ignored'];
  const folder = build?.(at) ?? at.project;
  const before = stateOf(at, folder, 'before');
  at.git('add', 'new.py');
  expect(stateOf(at, folder, 'after')).not.toEqual(before);
});

test('what git was told not to look at is in the snapshot all the same', async () => {
  dirtyRepositories['hidden changes and a split index']?.(at);
  const { ref } = await at.snapshot(programGit);
  expect(at.git('show', `${ref}:train.py`)).toBe('hidden');
  expect(at.git('show', `${ref}:pkg/model.py`)).toBe('hidden too');
});

test('a conflict is there as it lies in the file, a submodule as its commit', async () => {
  dirtyRepositories['conflicted merge']?.(at);
  const conflict = await at.snapshot(programGit);
  expect(at.git('show', `${conflict.ref}:train.py`)).toContain('<<<<<<<');
  at.remove();
  at = fixtureRepository();
  dirtyRepositories['submodule']?.(at);
  const { ref, leftOut } = await at.snapshot(programGit);
  expect(at.git('rev-parse', `${ref}:lib`)).toBe(at.gitIn(join(at.project, 'lib'), 'rev-parse', 'HEAD'));
  expect(leftOut).toMatchObject([{ path: 'lib', reason: 'repository' }]);
});

test('the project in an ignored folder of another repository gets one of Benchtop’s own', async () => {
  dirtyRepositories['clean']?.(at);
  at.write('out/experiment/train.py');
  const { chosen, repository, commitId } = await at.snapshot(programGit, {
    workingFolder: join(at.project, 'out/experiment'),
  });
  expect(chosen.repository).toBe('private');
  expect((await repository.entries(commitId ?? '')).map(({ path }) => path)).toContain('train.py');
});
