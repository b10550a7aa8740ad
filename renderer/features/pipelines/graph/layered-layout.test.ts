import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layerNodes, type Edge } from './layer-nodes.ts';
import { layeredLayout, nodeHeightPx, nodeWidthPx } from './layered-layout.ts';
import { crossings, orderLayers } from './order-layers.ts';
import { spread } from './place-in-layers.ts';
import { spanLayers } from './span-layers.ts';

const edges = (...pairs: [number, number][]): Edge[] => pairs.map(([from, to]) => ({ from, to }));

test('a node stands one column behind the last it comes from, and a source right before who needs it', () => {
  expect([...layerNodes(5, edges([0, 1], [1, 3], [2, 3], [0, 3], [4, 1]))]).toEqual([0, 1, 1, 2, 0]);
});

test('a circle is drawn too, since the page must show what to mend', () => {
  const { xs } = layeredLayout(3, edges([0, 1], [1, 0], [1, 2]));
  expect(new Set(xs).size).toBe(3);
});

test('arrows that need not cross do not', () => {
  // Two chains whose ends are listed the other way round, and a long arrow past them.
  const graph = spanLayers(
    layerNodes(6, edges([0, 3], [1, 2], [2, 5], [3, 4], [0, 4])),
    edges([0, 3], [1, 2], [2, 5], [3, 4], [0, 4]),
  );
  const order = orderLayers(graph);
  const place = new Int32Array(graph.count);
  for (const layer of order) layer.forEach((node, at) => (place[node] = at));
  expect(crossings(graph, order, place)).toBe(0);
});

test('crossings are counted as pair by pair', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 20 }), (pairs) => {
      const all = pairs.map(([from, to]) => ({ from, to: to + 6 }));
      const layers = Int32Array.from({ length: 12 }, (_, node) => (node < 6 ? 0 : 1));
      const graph = spanLayers(layers, all);
      const order = [
        [0, 1, 2, 3, 4, 5],
        [6, 7, 8, 9, 10, 11],
      ];
      const place = Int32Array.from({ length: 12 }, (_, node) => node % 6);
      const slow = all.reduce(
        (sum, one, at) =>
          sum + all.slice(at + 1).filter((two) => (one.from - two.from) * (one.to - two.to) < 0).length,
        0,
      );
      expect(crossings(graph, order, place)).toBe(slow);
    }),
  );
});

test('wishes are met as far as the space allows', () => {
  const at = (middle: number) => ({ middle, weight: 1 });
  expect([...spread([at(0), at(100)], [10, 10])]).toEqual([0, 100]);
  expect([...spread([at(50), at(50)], [10, 10])]).toEqual([45, 55]);
  expect([...spread([at(50), at(0), at(200)], [10, 10, 10])]).toEqual([20, 30, 200]);
});

const graphs = fc.integer({ min: 1, max: 40 }).chain((count) =>
  fc.tuple(
    fc.constant(count),
    fc.uniqueArray(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), {
      maxLength: 80,
      selector: ([from, to]) => from * count + to,
    }),
  ),
);

test('of any graph no two nodes overlap, nothing lies outside, and each arrow joins its two nodes', () => {
  fc.assert(
    fc.property(graphs, ([count, pairs]) => {
      const all = edges(...pairs);
      const { xs, ys, widthPx, heightPx, routes } = layeredLayout(count, all);
      for (let one = 0; one < count; one++) {
        expect(xs[one]).toBeGreaterThanOrEqual(0);
        expect(xs[one]! + nodeWidthPx).toBeLessThanOrEqual(widthPx + 0.001);
        expect(ys[one]).toBeGreaterThanOrEqual(-0.001);
        expect(ys[one]! + nodeHeightPx).toBeLessThanOrEqual(heightPx + 0.001);
        for (let other = one + 1; other < count; other++)
          expect(
            Math.abs(xs[one]! - xs[other]!) >= nodeWidthPx ||
              Math.abs(ys[one]! - ys[other]!) >= nodeHeightPx - 0.001,
          ).toBe(true);
      }
      all.forEach(({ from, to }, at) => {
        const route = routes[at]!;
        expect([route[0], route[1]]).toEqual([xs[from]! + nodeWidthPx, ys[from]! + nodeHeightPx / 2]);
        expect(Array.from(route.slice(-2))).toEqual([xs[to], ys[to]! + nodeHeightPx / 2]);
      });
    }),
  );
});

test('an arrow past a column goes around who stands in it', () => {
  const { xs, ys, routes } = layeredLayout(3, edges([0, 1], [1, 2], [0, 2]));
  const [, , bendX, bendY] = routes[2]!;
  expect(bendX).toBe(xs[1]);
  expect(Math.abs(bendY! - (ys[1]! + nodeHeightPx / 2))).toBeGreaterThan(nodeHeightPx / 2);
});
