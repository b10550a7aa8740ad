import { useQuery } from '@tanstack/react-query';
import { engine } from '../../app/engine.ts';
import { useExecution } from './use-execution.ts';

/** A project's pipeline as its file defines it now, its latest executions, and the last of them with its stages. */
export function usePipeline(projectId: string) {
  const pipeline = useQuery({
    queryKey: ['pipeline', projectId],
    queryFn: () => engine.pipelines.definition({ projectId }),
    // The file is the user's: look again whenever a page that shows it is opened, or the window comes to the front.
    staleTime: 0,
    refetchOnWindowFocus: 'always',
  });
  const executions = useQuery({
    queryKey: ['executions', projectId],
    queryFn: () => engine.pipelines.executions({ projectId }),
  });
  const last = useExecution(executions.data?.[0]?.id ?? null);
  return { pipeline, executions, last };
}
