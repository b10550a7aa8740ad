import type { Run } from '../../../contract/index.ts';

/** The address of a run's page, below its project when it has one. */
export function runPath(run: Pick<Run, 'id' | 'projectId'>, tab?: string): string {
  const root = run.projectId === null ? '/runs' : `/projects/${run.projectId}/runs`;
  return tab === undefined ? `${root}/${run.id}` : `${root}/${run.id}/${tab}`;
}
