import type { GraphLayout } from './layered-layout.ts';
import type { PipelineGraph } from './pipeline-graph.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The node that an arrow key leads to: left to who it reads from and right to who reads from it, the one at the most alike height first;
 * up and down to the next in its column. Null where there is none.
 */
export function walkGraph(
  { before, after, nodes }: PipelineGraph,
  { xs, ys, columns }: GraphLayout,
  from: number | null,
  direction: Direction,
): number | null {
  if (from === null) return nodes.length === 0 ? null : 0;
  const height = ys[from] ?? 0;
  const nearest = (candidates: readonly number[]) =>
    candidates.toSorted(
      (one, other) => Math.abs((ys[one] ?? 0) - height) - Math.abs((ys[other] ?? 0) - height),
    )[0] ?? null;
  if (direction === 'left') return nearest(before[from] ?? []);
  if (direction === 'right') return nearest(after[from] ?? []);
  const side = direction === 'down' ? 1 : -1;
  const beside: number[] = [];
  ys.forEach((y, node) => {
    if (columns[node] === columns[from] && xs[node] === xs[from] && Math.sign(y - height) === side)
      beside.push(node);
  });
  return nearest(beside);
}
