import type { PipelineStage } from '../../../../contract/index.ts';
import type { Edge } from './layer-nodes.ts';

/** A stage, or a group that is folded into one. */
export interface GraphNode {
  readonly id: string;
  readonly name: string;
  /** The stage; of a folded group all that were unfolded from it. */
  readonly stages: readonly PipelineStage[];
  readonly isGroup: boolean;
}

/** Stages as they are drawn. Numbers are places in `nodes`. */
export interface PipelineGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly Edge[];
  /** By the name of a stage, also of one in a folded group. */
  readonly nodeOf: ReadonlyMap<string, number>;
  /** Who a node reads from, and who reads from it. */
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
}

/** The stages unfolded from one definition that stand for themselves in the graph, unless folded. */
export const groupId = (group: string): string => `${group}@`;

/** The graph of stages, with each group in `folded` as one node. */
export function pipelineGraph(stages: readonly PipelineStage[], folded: ReadonlySet<string>): PipelineGraph {
  const nodes: (GraphNode & { stages: PipelineStage[] })[] = [];
  const nodeOf = new Map<string, number>();
  const groupNodes = new Map<string, number>();
  for (const stage of stages) {
    const group = stage.group !== null && folded.has(stage.group) ? stage.group : null;
    const known = group === null ? undefined : groupNodes.get(group);
    if (known !== undefined) {
      nodes[known]?.stages.push(stage);
      nodeOf.set(stage.name, known);
      continue;
    }
    const at =
      nodes.push(
        group === null
          ? { id: stage.name, name: stage.name, stages: [stage], isGroup: false }
          : { id: groupId(group), name: group, stages: [stage], isGroup: true },
      ) - 1;
    nodeOf.set(stage.name, at);
    if (group !== null) groupNodes.set(group, at);
  }
  const seen = new Set<number>();
  const edges: Edge[] = [];
  const before: number[][] = nodes.map(() => []);
  const after: number[][] = nodes.map(() => []);
  for (const stage of stages) {
    const to = nodeOf.get(stage.name);
    for (const name of stage.upstream) {
      const from = nodeOf.get(name);
      if (from === undefined || to === undefined || from === to) continue;
      const key = from * nodes.length + to;
      if (seen.has(key)) continue;
      seen.add(key);
      edges.push({ from, to });
      after[from]?.push(to);
      before[to]?.push(from);
    }
  }
  return { nodes, edges, nodeOf, before, after };
}

export type Reach = 'upstream' | 'downstream';

/** A stage and all it needs (`upstream`), or all that needs it (`downstream`), in their order. */
export function reachOf(
  stages: readonly PipelineStage[],
  name: string,
  reach: Reach,
): readonly PipelineStage[] {
  const next = new Map<string, string[]>();
  for (const stage of stages)
    for (const other of stage.upstream) {
      const [from, to] = reach === 'upstream' ? [stage.name, other] : [other, stage.name];
      const known = next.get(from);
      if (known === undefined) next.set(from, [to]);
      else known.push(to);
    }
  const reached = new Set([name]);
  for (const each of reached) for (const other of next.get(each) ?? []) reached.add(other);
  return stages.filter((stage) => reached.has(stage.name));
}
