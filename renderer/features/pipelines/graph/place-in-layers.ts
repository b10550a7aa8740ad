import type { SpannedLayers } from './span-layers.ts';

/** An arrow that passes by wants to stay straight more than a node wants its own middle. */
const bendWeight = 4;
/** One without a neighbour on the side that is looked at would rather stay where it is. */
const stayWeight = 0.2;

/**
 * The middle of each node and bend along its column, in pixels: as near to the middle of its neighbours as the order and the space
 * that each takes allow, in the sense of least squares.
 * @param spaces what each takes of its column, gap included
 */
export function placeInLayers(
  graph: SpannedLayers,
  order: readonly (readonly number[])[],
  spaces: Float64Array,
): Float64Array {
  const middles = new Float64Array(graph.count);
  for (const layer of order) {
    const total = layer.reduce((sum, node) => sum + (spaces[node] ?? 0), 0);
    let top = -total / 2;
    for (const node of layer) {
      middles[node] = top + (spaces[node] ?? 0) / 2;
      top += spaces[node] ?? 0;
    }
  }
  const sweeps = graph.count > 12_000 ? 2 : 8;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isForward = sweep % 2 === 0;
    const neighbours = isForward ? graph.before : graph.after;
    for (const layer of isForward ? order : order.toReversed()) {
      const wishes = layer.map((node) => wishOf(node, neighbours[node] ?? [], graph.nodeCount, middles));
      const placed = spread(
        wishes,
        layer.map((node) => spaces[node] ?? 0),
      );
      layer.forEach((node, at) => (middles[node] = placed[at] ?? 0));
    }
  }
  return middles;
}

interface Wish {
  readonly middle: number;
  readonly weight: number;
}

function wishOf(node: number, neighbours: readonly number[], nodeCount: number, middles: Float64Array): Wish {
  if (neighbours.length === 0) return { middle: middles[node] ?? 0, weight: stayWeight };
  let sum = 0;
  let weight = 0;
  for (const other of neighbours) {
    const own = node >= nodeCount && other >= nodeCount ? bendWeight : 1;
    sum += own * (middles[other] ?? 0);
    weight += own;
  }
  return { middle: sum / weight, weight };
}

/**
 * Middles nearest to the wishes, in their order and none overlapping: isotonic regression by pooling adjacent violators.
 * @param spaces what each takes, in pixels
 */
export function spread(wishes: readonly Wish[], spaces: readonly number[]): Float64Array {
  const offsets = new Float64Array(wishes.length);
  for (let at = 1; at < wishes.length; at++)
    offsets[at] = (offsets[at - 1] ?? 0) + ((spaces[at - 1] ?? 0) + (spaces[at] ?? 0)) / 2;
  const pools: { value: number; weight: number; count: number }[] = [];
  wishes.forEach(({ middle, weight }, at) => {
    let pool = { value: middle - (offsets[at] ?? 0), weight, count: 1 };
    for (let last = pools.at(-1); last !== undefined && last.value >= pool.value; last = pools.at(-1)) {
      pools.pop();
      const sum = last.weight + pool.weight;
      pool = {
        value: (last.value * last.weight + pool.value * pool.weight) / sum,
        weight: sum,
        count: last.count + pool.count,
      };
    }
    pools.push(pool);
  });
  const middles = new Float64Array(wishes.length);
  let at = 0;
  for (const { value, count } of pools)
    for (let left = count; left > 0; left--, at++) middles[at] = value + (offsets[at] ?? 0);
  return middles;
}
