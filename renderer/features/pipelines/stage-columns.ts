import type { PipelineStage } from '../../../contract/index.ts';

/**
 * Stages in columns from left to right: each stands one column after the last of the stages it reads from. A name in a circle
 * (which the engine reports as a problem) counts as standing at the start.
 */
export function stageColumns(stages: readonly PipelineStage[]): PipelineStage[][] {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const columnOf = new Map<string, number>();
  const place = (stage: PipelineStage, above: ReadonlySet<string>): number => {
    const known = columnOf.get(stage.name);
    if (known !== undefined) return known;
    if (above.has(stage.name)) return 0;
    const before = new Set([...above, stage.name]);
    const column = stage.upstream.reduce((last, name) => {
      const upstream = byName.get(name);
      return upstream === undefined ? last : Math.max(last, place(upstream, before) + 1);
    }, 0);
    columnOf.set(stage.name, column);
    return column;
  };
  const columns: PipelineStage[][] = [];
  for (const stage of stages) (columns[place(stage, new Set())] ??= []).push(stage);
  return columns.filter((column) => column !== undefined);
}
