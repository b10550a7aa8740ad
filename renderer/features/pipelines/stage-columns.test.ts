import { expect, test } from 'vitest';
import { fixtureStage } from '../../../contract/fixture-pipeline.ts';
import { stageColumns } from './stage-columns.ts';

const stage = (name: string, upstream: string[]) => fixtureStage({ name, upstream });
const names = (stages: Parameters<typeof stageColumns>[0]) =>
  stageColumns(stages).map((column) => column.map((each) => each.name));

test('a stage stands one column after the last it reads from', () => {
  expect(names([stage('a', []), stage('b', ['a']), stage('c', []), stage('d', ['b', 'c'])])).toEqual([
    ['a', 'c'],
    ['b'],
    ['d'],
  ]);
});

test('a circle is drawn too, since the page must show what to mend', () => {
  expect(
    names([stage('a', ['b']), stage('b', ['a'])])
      .flat()
      .toSorted(),
  ).toEqual(['a', 'b']);
});
