import { useQuery } from '@tanstack/react-query';
import { engine } from '../../app/engine.ts';

/** The latest runs of a pipeline stage, the newest first. */
export function useStageRuns(projectId: string, stage: string) {
  const quote = stage.includes("'") ? '"' : "'";
  return useQuery({
    // Below 'runs', so that runs which change are taken over as in the table of runs.
    queryKey: ['runs', 'of-stage', projectId, stage],
    queryFn: () =>
      engine.tracking.searchRuns({
        projectId,
        text: `tags.\`benchtop.stage\` = ${quote}${stage}${quote}`,
        limit: 24,
      }),
  });
}

/** What was recorded of the runs of a stage that ended well: what each read and why it ran. */
export function useStageRecords(projectId: string, stage: string) {
  return useQuery({
    queryKey: ['stage-records', projectId, stage],
    queryFn: () => engine.pipelines.stageHistory({ projectId, stage, limit: 24 }),
  });
}
