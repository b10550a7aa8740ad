import type { Run } from '../../../contract/index.ts';

/** A measure that a rule of a project can rename or ignore. */
export interface RuledMeasure {
  readonly projectId: string;
  /** As it is read from output or files. */
  readonly name: string;
  readonly shownName: string;
}

/** The measure behind a metric of these runs; null where one of them was told it, or where it is not one measure of one project. */
export function ruledMeasure(runs: readonly Run[], metric: string): RuledMeasure | null {
  const found = runs.flatMap((run) => {
    const summary = run.metrics[metric];
    if (summary === undefined) return [];
    return [{ projectId: run.projectId, name: summary.isGuessed ? (summary.readName ?? metric) : null }];
  });
  const [first] = found;
  if (first === undefined || first.projectId === null || first.name === null) return null;
  const isOne = found.every(({ projectId, name }) => projectId === first.projectId && name === first.name);
  return isOne ? { projectId: first.projectId, name: first.name, shownName: metric } : null;
}
