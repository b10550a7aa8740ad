import type { Edge } from './layer-nodes.ts';

/** Above so many bends a drawing is too dense to follow a single arrow anyway; long ones are then drawn straight. */
const mostBends = 40_000;

/** Nodes and bends in columns, with arrows between neighbouring columns only. */
export interface SpannedLayers {
  readonly nodeCount: number;
  /** Nodes, then bends. */
  readonly count: number;
  /** Column of each. */
  readonly layers: Int32Array;
  readonly layerCount: number;
  /** Neighbours in the column before and in the column behind. */
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
  /** The bends that each edge goes through, from left to right. */
  readonly bends: readonly (readonly number[])[];
}

/** Gives every arrow that goes past a column a bend in it, so that it gets a place of its own there. */
export function spanLayers(layers: Int32Array, edges: readonly Edge[]): SpannedLayers {
  const nodeCount = layers.length;
  const layerOf = [...layers];
  const needed = edges.reduce(
    (sum, { from, to }) => sum + Math.max(0, (layers[to] ?? 0) - (layers[from] ?? 0) - 1),
    0,
  );
  const isBent = needed <= mostBends;
  const before: number[][] = layerOf.map(() => []);
  const after: number[][] = layerOf.map(() => []);
  const join = (left: number, right: number) => {
    after[left]?.push(right);
    before[right]?.push(left);
  };
  const bends = edges.map(({ from, to }) => {
    const start = layers[from] ?? 0;
    const end = layers[to] ?? 0;
    const own: number[] = [];
    if (end <= start) return own;
    if (!isBent && end > start + 1) return own;
    let last = from;
    for (let layer = start + 1; layer < end; layer++) {
      const bend = layerOf.push(layer) - 1;
      before.push([]);
      after.push([]);
      join(last, bend);
      own.push(bend);
      last = bend;
    }
    join(last, to);
    return own;
  });
  const layerCount = layerOf.reduce((most, layer) => Math.max(most, layer + 1), 0);
  return {
    nodeCount,
    count: layerOf.length,
    layers: Int32Array.from(layerOf),
    layerCount,
    before,
    after,
    bends,
  };
}
