import { useEffect, useMemo, useState } from 'react';
import { reportDefect } from '../../../app/report-defect.ts';
import { layeredLayout, type GraphLayout } from './layered-layout.ts';
import type { LayoutTask } from './layout-worker.ts';
import type { PipelineGraph } from './pipeline-graph.ts';

/** More nodes than this take longer to place than the page may stand still. */
const manyNodes = 1000;

/** Where the nodes of a graph stand. Null while those of a large one are placed beside the page. */
export function useLayout(graph: PipelineGraph): GraphLayout | null {
  const { nodes, edges } = graph;
  const isLarge = nodes.length > manyNodes;
  const here = useMemo(
    () => (isLarge ? null : layeredLayout(nodes.length, edges)),
    [isLarge, nodes.length, edges],
  );
  const [placed, setPlaced] = useState<{ graph: PipelineGraph; layout: GraphLayout } | null>(null);
  useEffect(() => {
    if (!isLarge) return;
    const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<GraphLayout>) =>
      setPlaced({ graph, layout: data }),
    );
    worker.addEventListener('error', ({ error, message }: ErrorEvent) => {
      reportDefect('The graph was placed on the page, since the worker for it failed', error ?? message);
      setPlaced({ graph, layout: layeredLayout(graph.nodes.length, graph.edges) });
    });
    worker.postMessage({ nodeCount: graph.nodes.length, edges: graph.edges } satisfies LayoutTask);
    return () => worker.terminate();
  }, [graph, isLarge]);
  return here ?? (placed?.graph === graph ? placed.layout : null);
}
