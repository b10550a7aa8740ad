import { ActionIcon } from '@mantine/core';
import { IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { formatCount } from '../../../ui/format-number.ts';
import { Pending } from '../../../ui/pending.tsx';
import { useElementSize } from '../../../ui/series-chart/element-size.ts';
import { useThemeColours } from '../../../ui/theme-colours.ts';
import type { StageLook } from '../stage-look.ts';
import { drawGraph } from './draw-graph.ts';
import { useGraphGestures } from './graph-gestures.ts';
import styles from './graph-view.module.css';
import {
  centredAt,
  firstView,
  fitView,
  nodesInView,
  panBy,
  readableZoom,
  withInView,
  zoomAt,
  type Point,
  type Size,
  type ViewBox,
} from './graph-view-box.ts';
import { nodeHeightPx, nodeWidthPx, type GraphLayout } from './layered-layout.ts';
import { Minimap } from './minimap.tsx';
import { NodeBox } from './node-box.tsx';
import type { PipelineGraph } from './pipeline-graph.ts';
import { useCanvas } from './use-canvas.ts';
import { useLayout } from './use-layout.ts';
import { walkGraph, type Direction } from './walk-graph.ts';

/** More elements at once would make panning slow; the canvas draws them then. */
const mostBoxes = 300;
const zoomStep = 1.25;
const panPx = 80;
const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

interface GraphViewProps {
  readonly graph: PipelineGraph;
  /** Of each node. */
  readonly looks: readonly StageLook[];
  readonly details: readonly string[];
  readonly selected: number | null;
  onSelect(node: number | null): void;
  /** Enter or a second click on a node. */
  onOpen(node: number): void;
  /** What a search found; null while nothing is looked for. */
  readonly matched: ReadonlySet<number> | null;
}

/** A pipeline drawn from left to right, to pan and zoom. Only what is in view is drawn; the list beside it is its accessible form. */
export function GraphView(props: GraphViewProps) {
  const layout = useLayout(props.graph);
  return layout === null ? (
    <Pending what={`the graph of ${formatCount(props.graph.nodes.length)} stages`} />
  ) : (
    <Drawing {...props} layout={layout} />
  );
}

function Drawing({
  graph,
  layout,
  looks,
  details,
  selected,
  onSelect,
  onOpen,
  matched,
}: GraphViewProps & { layout: GraphLayout }) {
  const frame = useRef<HTMLDivElement>(null);
  const size = useElementSize(frame);
  const colours = useThemeColours();
  const { view, change } = useView(graph, layout, size, selected);
  const [pointed, point] = useState<number | null>(null);

  const inView = useMemo(() => nodesInView(view, layout, size), [view, layout, size]);
  const nodeAt = (at: Point): number | null => {
    const [x, y] = [view.x + at.x / view.zoom, view.y + at.y / view.zoom];
    for (const node of inView) {
      const [left, top] = [layout.xs[node] ?? 0, layout.ys[node] ?? 0];
      if (x >= left && x <= left + nodeWidthPx && y >= top && y <= top + nodeHeightPx) return node;
    }
    return null;
  };
  const isNear = view.zoom >= readableZoom && inView.length <= mostBoxes;
  const gestures = useGraphGestures(frame, change, {
    click: (at) => {
      const node = nodeAt(at);
      if (node !== null && node === selected) onOpen(node);
      else onSelect(node);
    },
    point: (at) => point(at === null ? null : nodeAt(at)),
  });
  const draw = useCallback(
    (context: CanvasRenderingContext2D) =>
      drawGraph(context, {
        layout,
        edges: graph.edges,
        looks,
        colours,
        view,
        size,
        traced: pointed ?? selected,
        selected,
        matched,
        nodes: isNear ? [] : inView,
      }),
    [layout, graph, looks, colours, view, size, pointed, selected, matched, isNear, inView],
  );
  const canvas = useCanvas(size, draw);
  const middle = { x: size.width / 2, y: size.height / 2 };
  const fit = () => change(() => fitView(layout, size));

  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const direction = directions[event.key];
    if (direction !== undefined && event.shiftKey) {
      const sideways = { left: -panPx, right: panPx, up: 0, down: 0 }[direction];
      const downwards = { left: 0, right: 0, up: -panPx, down: panPx }[direction];
      change((now) => panBy(now, sideways, downwards));
    } else if (direction !== undefined) {
      const next = walkGraph(graph, layout, selected, direction);
      if (next !== null) onSelect(next);
    } else if (event.key === 'Enter' && selected !== null) onOpen(selected);
    else if (event.key === '+' || event.key === '=') change((now) => zoomAt(now, middle, zoomStep));
    else if (event.key === '-') change((now) => zoomAt(now, middle, 1 / zoomStep));
    else if (event.key === '0') fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const isAllSeen = inView.length === graph.nodes.length;
  return (
    <div className={styles.outer}>
      {/* A graph is walked through with the arrow keys, which a screen reader leaves to an application. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={frame}
        className={styles.frame}
        role="application"
        tabIndex={0}
        data-region-focus
        aria-label={`Graph of ${graph.nodes.length} stages. Arrow keys walk along its edges.`}
        onKeyDown={onKey}
        {...gestures}
      >
        <canvas ref={canvas} className={styles.canvas} style={{ width: size.width, height: size.height }} />
        {isNear ? (
          <div
            className={styles.nodes}
            style={{
              transform: `scale(${view.zoom}) translate(${-view.x}px, ${-view.y}px)`,
            }}
            aria-hidden
          >
            {inView.map((at) => {
              const node = graph.nodes[at];
              if (node === undefined) return null;
              return (
                <NodeBox
                  key={node.id}
                  name={node.name}
                  detail={details[at] ?? ''}
                  look={looks[at] ?? 'unknown'}
                  count={node.isGroup ? node.stages.length : null}
                  x={layout.xs[at] ?? 0}
                  y={layout.ys[at] ?? 0}
                  isSelected={at === selected}
                  isDimmed={matched !== null && !matched.has(at)}
                />
              );
            })}
          </div>
        ) : null}
      </div>
      <div className={styles.zoom} role="group" aria-label="Zoom">
        <ActionIcon
          aria-label="Zoom in"
          title="Zoom in (+)"
          onClick={() => change((now) => zoomAt(now, middle, zoomStep))}
        >
          <IconPlus size={14} stroke={1.5} />
        </ActionIcon>
        <ActionIcon
          aria-label="Zoom out"
          title="Zoom out (-)"
          onClick={() => change((now) => zoomAt(now, middle, 1 / zoomStep))}
        >
          <IconMinus size={14} stroke={1.5} />
        </ActionIcon>
        <ActionIcon aria-label="Show all of it" title="Show all of it (0)" onClick={fit}>
          <IconMaximize size={14} stroke={1.5} />
        </ActionIcon>
      </div>
      {isAllSeen || size.width < 360 ? null : (
        <Minimap
          layout={layout}
          looks={looks}
          view={view}
          size={size}
          onGo={(at) => change((now) => centredAt(now, size, at))}
        />
      )}
    </div>
  );
}

/** What of the drawing is seen. A new drawing keeps the selected node where it was on the screen; else it is seen from its beginning. */
function useView(graph: PipelineGraph, layout: GraphLayout, size: Size, selected: number | null) {
  const [seen, setSeen] = useState<{ graph: PipelineGraph; layout: GraphLayout; view: ViewBox } | null>(null);
  const isLaidOut = size.width > 0 && size.height > 0;
  if (isLaidOut && seen?.graph !== graph) {
    const id = selected === null ? undefined : graph.nodes[selected]?.id;
    const before = seen?.graph.nodes.findIndex((node) => node.id === id) ?? -1;
    const view =
      seen === null || before < 0 || selected === null
        ? firstView(layout, size, selected)
        : {
            ...seen.view,
            x: seen.view.x + (layout.xs[selected] ?? 0) - (seen.layout.xs[before] ?? 0),
            y: seen.view.y + (layout.ys[selected] ?? 0) - (seen.layout.ys[before] ?? 0),
          };
    setSeen({ graph, layout, view });
  }
  const change = useCallback(
    (to: (view: ViewBox) => ViewBox) =>
      setSeen((now) => {
        if (now === null) return now;
        const view = to(now.view);
        return view === now.view ? now : { ...now, view };
      }),
    [],
  );
  useEffect(() => {
    if (selected !== null && isLaidOut) change((view) => withInView(view, layout, size, selected));
    // Only when another node is chosen or the panel beside takes its space: else it could not be moved out of sight.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selected, size.width, isLaidOut, change]);
  return { view: seen?.view ?? { x: 0, y: 0, zoom: 1 }, change };
}
