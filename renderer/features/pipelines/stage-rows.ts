import type { PipelineStage } from '../../../contract/index.ts';
import { groupId } from './graph/pipeline-graph.ts';

/** A line of the list of stages: a group, or a stage, of a group or alone. */
export type StageRow =
  | {
      readonly kind: 'group';
      readonly id: string;
      readonly group: string;
      readonly stages: readonly PipelineStage[];
    }
  | { readonly kind: 'stage'; readonly id: string; readonly stage: PipelineStage };

/**
 * The list of stages in the order in which they can run, a group's together under its own line, at the place of the first of them.
 * @param matches whether a stage is to be listed; a group is when one of its stages is
 */
export function stageRows(
  stages: readonly PipelineStage[],
  folded: ReadonlySet<string>,
  matches: (stage: PipelineStage) => boolean,
): StageRow[] {
  const byGroup = new Map<string, PipelineStage[]>();
  const order: (PipelineStage | string)[] = [];
  for (const stage of stages) {
    if (!matches(stage)) continue;
    if (stage.group === null) order.push(stage);
    else {
      const known = byGroup.get(stage.group);
      if (known !== undefined) known.push(stage);
      else {
        byGroup.set(stage.group, [stage]);
        order.push(stage.group);
      }
    }
  }
  const rowOf = (stage: PipelineStage): StageRow => ({ kind: 'stage', id: stage.name, stage });
  return order.flatMap((each): StageRow[] => {
    if (typeof each !== 'string') return [rowOf(each)];
    const own = byGroup.get(each) ?? [];
    const head: StageRow = { kind: 'group', id: groupId(each), group: each, stages: own };
    return folded.has(each) ? [head] : [head, ...own.map(rowOf)];
  });
}

/** Whether a stage is meant by what is typed: its name, a command, or a path that it reads or writes. Case does not count. */
export function meansStage(stage: PipelineStage, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return [
    stage.name,
    ...stage.commands,
    ...stage.deps,
    ...stage.externalDeps,
    ...stage.outputs.map(({ path }) => path),
  ].some((own) => own.toLowerCase().includes(wanted));
}
