import { expect, test } from 'vitest';
import type { TeamVersion } from '../../../contract/index.ts';
import { teamModelsOf } from './team-model.ts';

const version = (target: string, name: string, number: string, aliases: string[] = []): TeamVersion => ({
  target,
  name,
  version: number,
  aliases,
  description: '',
  runId: null,
  source: '',
  tags: {},
  createdAt: 0,
});

test('versions stand by their models and targets, the newest by number first, with who holds each alias', () => {
  const models = teamModelsOf([
    version('team', 'churn', '9', ['champion']),
    version('share', 'churn', '1'),
    version('team', 'churn', '10', ['challenger']),
    version('team', 'a b', '2'),
  ]);
  expect(
    models.map(({ target, name, versions }) => [target, name, versions.map((each) => each.version)]),
  ).toEqual([
    ['team', 'a b', ['2']],
    ['share', 'churn', ['1']],
    ['team', 'churn', ['10', '9']],
  ]);
  expect(models[2]?.aliases).toEqual([
    { alias: 'challenger', version: '10' },
    { alias: 'champion', version: '9' },
  ]);
});
