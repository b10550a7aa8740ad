import { layerNodes, type Edge } from './layer-nodes.ts';
import { orderLayers } from './order-layers.ts';
import { placeInLayers } from './place-in-layers.ts';
import { spanLayers } from './span-layers.ts';

/** Sizes of a drawing in pixels. */
export const nodeWidthPx = 200;
export const nodeHeightPx = 40;
const columnGapPx = 72;
const rowGapPx = 16;
/** What an arrow that passes a column takes of it. */
const bendSpacePx = 14;
/** Between what is joined by arrows and what stands alone. */
const alonePx = 40;

/** A drawing from left to right, its upper left corner at 0, 0. */
export interface GraphLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Upper left corner of each node. */
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** Column of each node, from 0. */
  readonly columns: Int32Array;
  /**
   * Where each arrow goes, as x, y, x, y, …: from the right side of a node along a curve to the next point, straight through a column to
   * the one after, and so on by turns, to the left side of the other.
   */
  readonly routes: readonly Float64Array[];
}

/** Places nodes in columns from left to right such that arrows are short, few cross, and each can be followed by eye. */
export function layeredLayout(nodeCount: number, edges: readonly Edge[]): GraphLayout {
  const isJoined = new Uint8Array(nodeCount);
  for (const { from, to } of edges) {
    isJoined[from] = 1;
    isJoined[to] = 1;
  }
  const joined: number[] = [];
  const alone: number[] = [];
  for (let node = 0; node < nodeCount; node++) (isJoined[node] === 1 ? joined : alone).push(node);
  const at = new Int32Array(nodeCount);
  joined.forEach((node, index) => (at[node] = index));

  const graph = spanLayers(
    layerNodes(
      joined.length,
      edges.map(({ from, to }) => ({ from: at[from] ?? 0, to: at[to] ?? 0 })),
    ),
    edges.map(({ from, to }) => ({ from: at[from] ?? 0, to: at[to] ?? 0 })),
  );
  const spaces = new Float64Array(graph.count).fill(bendSpacePx);
  spaces.fill(nodeHeightPx + rowGapPx, 0, joined.length);
  const middles = placeInLayers(graph, orderLayers(graph), spaces);
  let top = Infinity;
  let bottom = -Infinity;
  for (let node = 0; node < graph.count; node++) {
    const half = node < joined.length ? nodeHeightPx / 2 : 0;
    top = Math.min(top, (middles[node] ?? 0) - half);
    bottom = Math.max(bottom, (middles[node] ?? 0) + half);
  }
  const isEmpty = joined.length === 0;
  const joinedHeightPx = isEmpty ? 0 : bottom - top;

  const xs = new Float64Array(nodeCount);
  const ys = new Float64Array(nodeCount);
  const columns = new Int32Array(nodeCount);
  const xOf = (column: number) => column * (nodeWidthPx + columnGapPx);
  joined.forEach((node, index) => {
    columns[node] = graph.layers[index] ?? 0;
    xs[node] = xOf(columns[node] ?? 0);
    ys[node] = (middles[index] ?? 0) - nodeHeightPx / 2 - top;
  });
  const alonePerRow = Math.max(graph.layerCount, Math.ceil(Math.sqrt(alone.length / 3)));
  const aloneTopPx = isEmpty ? 0 : joinedHeightPx + alonePx;
  alone.forEach((node, index) => {
    columns[node] = index % alonePerRow;
    xs[node] = xOf(columns[node] ?? 0);
    ys[node] = aloneTopPx + Math.floor(index / alonePerRow) * (nodeHeightPx + rowGapPx);
  });
  const columnCount = Math.max(graph.layerCount, Math.min(alonePerRow, alone.length));
  const aloneRows = Math.ceil(alone.length / alonePerRow);
  return {
    widthPx: Math.max(0, columnCount * (nodeWidthPx + columnGapPx) - columnGapPx),
    heightPx:
      aloneRows === 0 ? joinedHeightPx : aloneTopPx + aloneRows * (nodeHeightPx + rowGapPx) - rowGapPx,
    xs,
    ys,
    columns,
    routes: edges.map(({ from, to }, edge) => {
      const bends = (graph.bends[edge] ?? []).flatMap((bend) => {
        const x = xOf(graph.layers[bend] ?? 0);
        const y = (middles[bend] ?? 0) - top;
        return [x, y, x + nodeWidthPx, y];
      });
      const middle = nodeHeightPx / 2;
      return Float64Array.of(
        (xs[from] ?? 0) + nodeWidthPx,
        (ys[from] ?? 0) + middle,
        ...bends,
        xs[to] ?? 0,
        (ys[to] ?? 0) + middle,
      );
    }),
  };
}
