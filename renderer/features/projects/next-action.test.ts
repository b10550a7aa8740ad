import { expect, test } from 'vitest';
import { fixtureOpenedProject } from '../../../contract/fixture-opened-project.ts';
import { fixtureExecution, fixtureStage } from '../../../contract/fixture-pipeline.ts';
import { nextAction } from './next-action.ts';

const project = fixtureOpenedProject({ runCount: 3 });
const script = (path: string) => ({ kind: 'script' as const, path, detail: '' });
const nothing = { project, pipeline: null, lastExecution: undefined, findings: [] };
const pipeline = {
  file: 'benchtop.yaml',
  stages: [fixtureStage({ name: 'train' })],
  sources: [],
  problems: [],
};
const execution = (state: 'running' | 'failed' | 'finished') =>
  fixtureExecution(state, [{ name: 'train', state, runId: 'r' }]);

test('what is in the way comes before what could be done', () => {
  expect(nextAction({ ...nothing, pipeline, project: { ...project, isPresent: false } }).kind).toBe(
    'folder-gone',
  );
  const broken = { ...pipeline, problems: [{ file: '', message: '', line: 1, column: 1, fix: '' }] };
  expect(nextAction({ ...nothing, pipeline: broken }).kind).toBe('fix-pipeline');
});

test('a pipeline is watched while it runs, looked into when it failed, else run', () => {
  expect(nextAction({ ...nothing, pipeline, lastExecution: execution('running') })).toEqual({
    kind: 'watch',
    runId: 'r',
  });
  expect(nextAction({ ...nothing, pipeline, lastExecution: execution('failed') })).toEqual({
    kind: 'look-at-failure',
    runId: 'r',
    stage: 'train',
  });
  expect(nextAction({ ...nothing, pipeline, lastExecution: execution('finished') }).kind).toBe(
    'run-pipeline',
  );
});

test('without a pipeline the likeliest script is offered', () => {
  expect(
    nextAction({ ...nothing, findings: [script('a.py'), script('src/train.py'), script('main.py')] }),
  ).toEqual({ kind: 'run-script', command: 'python src/train.py' });
  expect(nextAction(nothing)).toEqual({ kind: 'look-at-runs', runs: 3 });
  expect(nextAction({ ...nothing, project: { ...project, runCount: 0 } }).kind).toBe('choose-other');
});
