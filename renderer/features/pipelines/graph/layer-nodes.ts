/** An arrow between two nodes, by their places in a list. */
export interface Edge {
  readonly from: number;
  readonly to: number;
}

/**
 * The column of each node: one behind the last of those it comes from (the longest path), and a node that comes from nothing stands
 * right before the first that needs it, so that its arrows stay short. Within a circle the first node in the list counts as the
 * beginning; the arrows that lead back to it do not count.
 */
export function layerNodes(nodeCount: number, edges: readonly Edge[]): Int32Array {
  const outgoing: number[][] = Array.from({ length: nodeCount }, () => []);
  const waitsFor = new Int32Array(nodeCount);
  for (const { from, to } of edges) {
    if (from === to) continue;
    outgoing[from]?.push(to);
    waitsFor[to] = (waitsFor[to] ?? 0) + 1;
  }
  const hasIncoming = waitsFor.map((count) => (count > 0 ? 1 : 0));
  const layers = new Int32Array(nodeCount);
  const isPlaced = new Uint8Array(nodeCount);
  const ready: number[] = [];
  for (let node = 0; node < nodeCount; node++) if (waitsFor[node] === 0) ready.push(node);
  let lookFrom = 0;
  for (let placed = 0; placed < nodeCount; placed++) {
    let node = ready[placed];
    if (node === undefined) {
      // Everybody left waits for somebody left: a circle.
      while (isPlaced[lookFrom] === 1) lookFrom++;
      node = lookFrom;
      waitsFor[node] = 0;
      ready.push(node);
    }
    isPlaced[node] = 1;
    for (const next of outgoing[node] ?? []) {
      if (isPlaced[next] === 1) continue;
      layers[next] = Math.max(layers[next] ?? 0, (layers[node] ?? 0) + 1);
      const left = (waitsFor[next] ?? 0) - 1;
      waitsFor[next] = left;
      if (left === 0) ready.push(next);
    }
  }
  for (let node = 0; node < nodeCount; node++) {
    if (hasIncoming[node] === 1) continue;
    const first = (outgoing[node] ?? []).reduce(
      (least, next) => Math.min(least, layers[next] ?? 0),
      Infinity,
    );
    if (Number.isFinite(first)) layers[node] = Math.max(0, first - 1);
  }
  return layers;
}
