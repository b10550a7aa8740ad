import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Execution, StageExecution } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { reportDefect } from '../../app/report-defect.ts';

/** An execution with its stages, kept in step with the engine while it goes on. Null asks for nothing. */
export function useExecution(executionId: string | null) {
  const query = useQuery({
    queryKey: ['execution', executionId],
    queryFn: () => (executionId === null ? null : engine.pipelines.execution({ executionId })),
    placeholderData: keepPreviousData,
  });
  const isRunning = query.data?.status === 'running';
  useEffect(() => {
    if (executionId === null || !isRunning) return;
    const leave = new AbortController();
    follow(executionId, leave.signal).catch((error: unknown) => {
      // A link that broke is told by the banner; the query asks again when it stands.
      if (!leave.signal.aborted) reportDefect('An execution was not followed to its end', error);
    });
    return () => leave.abort();
  }, [executionId, isRunning]);
  return query;
}

async function follow(executionId: string, signal: AbortSignal): Promise<void> {
  for await (const { execution, stages } of engine.pipelines.follow({ executionId }, { signal }))
    queryClient.setQueryData<Execution | null>(['execution', executionId], (before) =>
      before === null || before === undefined
        ? before
        : {
            ...before,
            status: execution.status,
            endedAt: execution.endedAt,
            stages: withChanges(before.stages, stages),
          },
    );
  void queryClient.invalidateQueries({ queryKey: ['executions'] });
  void queryClient.invalidateQueries({ queryKey: ['pipeline-status'] });
}

/** The stages in their order, those that changed in place of what they were. */
export function withChanges(
  stages: readonly StageExecution[],
  changed: readonly StageExecution[],
): StageExecution[] {
  const byName = new Map(changed.map((stage) => [stage.name, stage]));
  return stages.map((stage) => byName.get(stage.name) ?? stage);
}
