import { expect, test } from 'vitest';
import { fixtureRun } from '../../contract/fixture-run.ts';
import type { RunData, Snapshot, SourceChange } from '../../contract/index.ts';
import { compareCode, type RunCode } from './compare-code.ts';

const version = {
  version: 'a'.repeat(64),
  kind: 'file' as const,
  fileCount: 1,
  linkCount: 0,
  sizeBytes: 1,
};

function codeIn(
  rootPath: string,
  more: { left?: string[]; read?: string[]; unrecorded?: string[] },
): RunCode {
  const snapshot: Snapshot = {
    runId: 'r',
    commitId: 'c',
    treeId: 't',
    parentId: null,
    repository: 'private',
    repositoryPath: '/home/source/x.git',
    ref: 'refs/benchtop/runs/r',
    rootPath,
    beganAt: 0,
    tookMs: 1,
    leftOut: [],
    moreLeftOut: 0,
    changedMeanwhile: [],
    problem: null,
  };
  const dataOf = (path: string, isRecorded: boolean): RunData => ({
    runId: 'r',
    dataSetId: 1,
    path: `${rootPath}/${path}`,
    role: 'input',
    knownBy: ['declared'],
    version: isRecorded ? version : null,
    state: isRecorded ? 'recorded' : 'failed',
    note: null,
  });
  return {
    run: fixtureRun({ workingFolder: `${rootPath}/work` }),
    snapshot,
    left: more.left ?? [],
    data: [
      ...(more.read ?? []).map((path) => dataOf(path, true)),
      ...(more.unrecorded ?? []).map((path) => dataOf(path, false)),
    ],
  };
}

const named = async (a: RunCode, b: RunCode, ...paths: string[]) => {
  const changes = paths.map((path): SourceChange => ({
    path,
    oldPath: null,
    change: 'modified',
    addedLines: 1,
    removedLines: 1,
  }));
  const { differences } = await compareCode(a, b, async () => ({ changes, changeCount: changes.length }));
  return differences?.map(({ name }) => name);
};

test('what either run left or read as data is no code, wherever its folder was', async () => {
  const a = codeIn('/one', { left: ['model.txt'], read: ['data'] });
  const b = codeIn('/two', { read: ['rows.csv'] });
  expect(await named(a, b, 'work/model.txt', 'model.txt', 'data/jan.csv', 'rows.csv', 'database.py')).toEqual(
    ['model.txt', 'database.py'],
  );
});

test('a script is code also where it was declared as an input, and so is what no version is known of', async () => {
  const a = codeIn('/one', { read: ['train.py', 'src'], unrecorded: ['lost.csv'] });
  const paths = ['train.py', 'src/model.py', 'src/words.csv', 'lost.csv'];
  expect(await named(a, codeIn('/one', {}), ...paths)).toEqual(['train.py', 'src/model.py', 'lost.csv']);
});
