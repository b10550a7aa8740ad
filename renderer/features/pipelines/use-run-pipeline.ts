import { useMutation } from '@tanstack/react-query';
import type { StageReach } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { showProblem } from '../../app/show-problem.ts';

/** What of a pipeline is to run, and how; all that is stale where nothing is said. */
interface RunChoice {
  readonly stages?: string[];
  readonly reach?: StageReach;
  readonly isForced?: boolean;
  readonly keepGoing?: boolean;
}

/** Starts a project's pipeline. */
export function useRunPipeline(projectId: string) {
  return useMutation({
    mutationFn: (choice: RunChoice) => engine.pipelines.run({ projectId, ...choice }),
    onSuccess: (execution) => {
      queryClient.setQueryData(['execution', execution.id], execution);
      return queryClient.invalidateQueries({ queryKey: ['executions', projectId] });
    },
    onError: showProblem,
  });
}
