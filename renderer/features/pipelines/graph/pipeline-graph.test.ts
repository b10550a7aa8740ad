import { expect, test } from 'vitest';
import { fixtureStage } from '../../../../contract/fixture-pipeline.ts';
import { pipelineGraph, reachOf } from './pipeline-graph.ts';

const stages = [
  fixtureStage({ name: 'prepare' }),
  fixtureStage({ name: 'train@a', group: 'train', upstream: ['prepare'] }),
  fixtureStage({ name: 'train@b', group: 'train', upstream: ['prepare'] }),
  fixtureStage({ name: 'report', upstream: ['train@a', 'train@b'] }),
  fixtureStage({ name: 'other' }),
];

test('a folded group is one node that has the arrows of all its stages, once', () => {
  const graph = pipelineGraph(stages, new Set(['train']));
  expect(graph.nodes.map(({ id, stages: own }) => [id, own.length])).toEqual([
    ['prepare', 1],
    ['train@', 2],
    ['report', 1],
    ['other', 1],
  ]);
  expect(graph.edges).toEqual([
    { from: 0, to: 1 },
    { from: 1, to: 2 },
  ]);
  expect(graph.nodeOf.get('train@b')).toBe(1);
  expect(pipelineGraph(stages, new Set()).edges).toHaveLength(4);
});

test('a name that nobody has is no arrow', () => {
  const graph = pipelineGraph([fixtureStage({ name: 'a', upstream: ['gone', 'a'] })], new Set());
  expect(graph.edges).toEqual([]);
});

test('what a stage needs, and what needs it', () => {
  const names = (...of: Parameters<typeof reachOf>) => reachOf(...of).map(({ name }) => name);
  expect(names(stages, 'train@a', 'upstream')).toEqual(['prepare', 'train@a']);
  expect(names(stages, 'train@a', 'downstream')).toEqual(['train@a', 'report']);
  expect(names(stages, 'prepare', 'downstream')).toEqual(['prepare', 'train@a', 'train@b', 'report']);
});
