import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { errorShapeOf, type Execution, type StageExecution } from '../../../contract/index.ts';
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
    followToEnd(executionId, leave.signal).catch((error: unknown) =>
      reportDefect('An execution was not followed to its end', error),
    );
    return () => leave.abort();
  }, [executionId, isRunning]);
  return query;
}

/** How long after a stream broke it is begun again. */
const againMs = 1000;

async function followToEnd(executionId: string, signal: AbortSignal): Promise<void> {
  const queryKey = ['execution', executionId];
  while (!signal.aborted) {
    try {
      for await (const { execution, stages } of engine.pipelines.follow({ executionId }, { signal }))
        queryClient.setQueryData<Execution | null>(queryKey, (before) =>
          before === null || before === undefined
            ? before
            : { ...before, ...execution, stages: withChanges(before.stages, stages) },
        );
    } catch (error) {
      if (signal.aborted) return;
      // The banner tells of a broken link.
      if (errorShapeOf(error).code !== 'disconnected') throw error;
    }
    await queryClient.invalidateQueries({ queryKey });
    for (const stale of ['executions', 'pipeline-status', 'stage-records'])
      void queryClient.invalidateQueries({ queryKey: [stale] });
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}

/** The stages in their order, those that changed in place of what they were. */
function withChanges(
  stages: readonly StageExecution[],
  changed: readonly StageExecution[],
): StageExecution[] {
  const byName = new Map(changed.map((stage) => [stage.name, stage]));
  return stages.map((stage) => byName.get(stage.name) ?? stage);
}
