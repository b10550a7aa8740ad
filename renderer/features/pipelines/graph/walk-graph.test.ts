import { expect, test } from 'vitest';
import { fixtureStage } from '../../../../contract/fixture-pipeline.ts';
import { layeredLayout } from './layered-layout.ts';
import { pipelineGraph } from './pipeline-graph.ts';
import { walkGraph, type Direction } from './walk-graph.ts';

test('arrow keys walk along the arrows, and up and down in a column', () => {
  const graph = pipelineGraph(
    [
      fixtureStage({ name: 'prepare' }),
      fixtureStage({ name: 'first', upstream: ['prepare'] }),
      fixtureStage({ name: 'second', upstream: ['prepare'] }),
      fixtureStage({ name: 'third', upstream: ['prepare'] }),
    ],
    new Set(),
  );
  const layout = layeredLayout(graph.nodes.length, graph.edges);
  const walk = (from: string | null, direction: Direction) => {
    const to = walkGraph(graph, layout, from === null ? null : (graph.nodeOf.get(from) ?? null), direction);
    return to === null ? null : graph.nodes[to]?.name;
  };
  expect(walk(null, 'right')).toBe('prepare');
  expect(walk('prepare', 'right')).toBe('second');
  expect(walk('second', 'up')).toBe('first');
  expect(walk('second', 'down')).toBe('third');
  expect(walk('third', 'down')).toBeNull();
  expect(walk('third', 'left')).toBe('prepare');
  expect(walk('prepare', 'left')).toBeNull();
});
