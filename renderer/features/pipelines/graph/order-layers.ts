import type { SpannedLayers } from './span-layers.ts';

/** Beyond so many nodes and bends one sweep there and back has to do. */
const manyNodes = 12_000;

/**
 * Who stands above whom in each column, such that few arrows cross: everybody is moved to the middle of its neighbours, column after
 * column, there and back, and the best order met is kept (the barycentre method of Sugiyama, Tagawa and Toda, 1981).
 */
export function orderLayers(graph: SpannedLayers): number[][] {
  let order = firstOrder(graph);
  const place = new Int32Array(graph.count);
  const note = (layer: readonly number[]) => layer.forEach((node, at) => (place[node] = at));
  order.forEach(note);
  let best = order.map((layer) => [...layer]);
  let fewest = crossings(graph, order, place);
  const sweeps = graph.count > manyNodes ? 2 : 10;
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const isForward = sweep % 2 === 0;
    const neighbours = isForward ? graph.before : graph.after;
    const next = isForward ? order : order.toReversed();
    order = next.map((layer) => {
      const sorted = byMiddle(layer, neighbours, place);
      note(sorted);
      return sorted;
    });
    if (!isForward) order.reverse();
    const count = crossings(graph, order, place);
    if (count >= fewest) continue;
    fewest = count;
    best = order.map((layer) => [...layer]);
  }
  return best;
}

/** Depth first from the left, so that what belongs together comes together. */
function firstOrder(graph: SpannedLayers): number[][] {
  const order: number[][] = Array.from({ length: graph.layerCount }, () => []);
  const isSeen = new Uint8Array(graph.count);
  for (let start = 0; start < graph.nodeCount; start++) {
    if (graph.before[start]?.length !== 0) continue;
    const stack = [start];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (isSeen[node] === 1) continue;
      isSeen[node] = 1;
      order[graph.layers[node] ?? 0]?.push(node);
      stack.push(...(graph.after[node] ?? []).toReversed());
    }
  }
  return order;
}

function byMiddle(
  layer: readonly number[],
  neighbours: SpannedLayers['before'],
  place: Int32Array,
): number[] {
  const keys = layer.map((node, at) => {
    const own = neighbours[node] ?? [];
    if (own.length === 0) return { node, middle: at };
    return { node, middle: own.reduce((sum, other) => sum + (place[other] ?? 0), 0) / own.length };
  });
  return keys.toSorted((one, other) => one.middle - other.middle).map(({ node }) => node);
}

/** How many pairs of arrows cross, counted with a tree of sums in O(arrows × log). */
export function crossings(
  graph: SpannedLayers,
  order: readonly (readonly number[])[],
  place: Int32Array,
): number {
  let total = 0;
  for (let at = 1; at < order.length; at++) {
    const size = order[at]?.length ?? 0;
    const sums = new Int32Array(size + 1);
    let arrows = 0;
    for (const node of order[at - 1] ?? []) {
      const targets = (graph.after[node] ?? []).map((next) => place[next] ?? 0);
      for (const target of targets) {
        let notBelow = 0;
        for (let index = target + 1; index > 0; index -= index & -index) notBelow += sums[index] ?? 0;
        total += arrows - notBelow;
      }
      for (const target of targets) {
        arrows++;
        for (let index = target + 1; index <= size; index += index & -index)
          sums[index] = (sums[index] ?? 0) + 1;
      }
    }
  }
  return total;
}
