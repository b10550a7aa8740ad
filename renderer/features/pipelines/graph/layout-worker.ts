import type { Edge } from './layer-nodes.ts';
import { layeredLayout } from './layered-layout.ts';

/** What is to be placed. */
export interface LayoutTask {
  readonly nodeCount: number;
  readonly edges: readonly Edge[];
}

// A thread of its own, for graphs that are so large that the page would stand still meanwhile.
addEventListener('message', ({ data }: MessageEvent<LayoutTask>) => {
  postMessage(layeredLayout(data.nodeCount, data.edges));
});
