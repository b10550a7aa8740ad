import { afterEach, beforeEach, expect, test } from 'vitest';
import { dirtyRepositories, stateOf } from './fixture-dirty.ts';
import { fixtureRepository, type FixtureRepository } from './fixture-repository.ts';
import { javascriptGit } from './javascript-git.ts';
import { programGit } from './program-git.ts';

const rounds = 100;

let at: FixtureRepository;
beforeEach(() => {
  at = fixtureRepository();
});
afterEach(() => at.remove());

test.each(Object.entries(dirtyRepositories))('a hundred snapshots leave alone: %s', async (state, build) => {
  const workingFolder = build(at) ?? at.project;
  const before = stateOf(at, workingFolder, 'before');
  const trees = new Set<string | null>();
  for (let round = 0; round < rounds; round++) {
    const { treeId, leftOut } = await at.snapshot(round % 2 === 0 ? programGit : javascriptGit, {
      workingFolder,
    });
    expect(treeId).not.toBeNull();
    trees.add(`${treeId} ${leftOut.length}`);
  }
  expect(stateOf(at, workingFolder, 'after')).toEqual(before);
  // Every tree names its own run, so no two are the same.
  expect(trees.size).toBe(rounds);
  console.log(`${state}: ${rounds} snapshots, ${before.length} facts unchanged`);
});
