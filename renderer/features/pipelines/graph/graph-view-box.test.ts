import { expect, test } from 'vitest';
import { centredAt, firstView, fitView, nodesInView, withInView, zoomAt } from './graph-view-box.ts';
import { layeredLayout } from './layered-layout.ts';

const chain = (length: number) =>
  layeredLayout(
    length,
    Array.from({ length: length - 1 }, (_, at) => ({ from: at, to: at + 1 })),
  );
const size = { width: 900, height: 600 };

test('a small graph is seen whole and not larger than drawn, a long one from where it begins', () => {
  expect(fitView(chain(2), size).zoom).toBe(1);
  expect(nodesInView(firstView(chain(4), size, null), chain(4), size)).toHaveLength(4);
  const first = firstView(chain(100), size, null);
  expect(first.zoom).toBe(1);
  expect(nodesInView(first, chain(100), size)).toEqual([0, 1, 2, 3]);
  expect(nodesInView(firstView(chain(100), size, 50), chain(100), size)).toContain(50);
  expect(nodesInView(fitView(chain(100), size), chain(100), size)).toHaveLength(100);
});

test('zooming keeps what is under the pointer there', () => {
  const view = { x: 10, y: 20, zoom: 0.5 };
  const zoomed = zoomAt(view, { x: 100, y: 60 }, 2);
  expect(zoomed.zoom).toBe(1);
  expect([zoomed.x + 100, zoomed.y + 60]).toEqual([10 + 200, 20 + 120]);
});

test('a node that is seen moves nothing, one beside the screen comes just into it', () => {
  const layout = chain(20);
  const view = centredAt({ x: 0, y: 0, zoom: 1 }, size, { x: 300, y: 20 });
  expect(withInView(view, layout, size, 1)).toBe(view);
  const moved = withInView(view, layout, size, 10);
  expect(nodesInView(moved, layout, size).at(-1)).toBe(10);
});
