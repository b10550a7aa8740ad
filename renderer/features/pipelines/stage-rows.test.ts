import { expect, test } from 'vitest';
import { fixtureStage } from '../../../contract/fixture-pipeline.ts';
import { meansStage, stageRows } from './stage-rows.ts';

const stages = [
  fixtureStage({ name: 'prepare', deps: ['data/Raw.csv'] }),
  fixtureStage({ name: 'train@a', group: 'train' }),
  fixtureStage({ name: 'other' }),
  fixtureStage({ name: 'train@b', group: 'train' }),
];
const ids = (folded: string[], text = '') =>
  stageRows(stages, new Set(folded), (stage) => meansStage(stage, text)).map(({ id }) => id);

test('a group stands at the place of its first stage, its stages under it unless folded', () => {
  expect(ids([])).toEqual(['prepare', 'train@', 'train@a', 'train@b', 'other']);
  expect(ids(['train'])).toEqual(['prepare', 'train@', 'other']);
});

test('a stage is found by its name and by what it reads', () => {
  expect(ids([], 'raw')).toEqual(['prepare']);
  expect(ids([], 'train@b')).toEqual(['train@', 'train@b']);
  expect(ids(['train'], 'train@b')).toEqual(['train@']);
});
