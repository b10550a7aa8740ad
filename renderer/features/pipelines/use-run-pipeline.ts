import { useMutation } from '@tanstack/react-query';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { showProblem } from '../../app/show-problem.ts';

/** Starts a project's pipeline, all of it. */
export function useRunPipeline(projectId: string) {
  return useMutation({
    mutationFn: () => engine.pipelines.run({ projectId }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['executions', projectId] }),
    onError: showProblem,
  });
}
