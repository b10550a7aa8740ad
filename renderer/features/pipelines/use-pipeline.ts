import { useQuery } from '@tanstack/react-query';
import { engine } from '../../app/engine.ts';

/** A project's pipeline as its file defines it now, and its latest executions. */
export function usePipeline(projectId: string) {
  const pipeline = useQuery({
    queryKey: ['pipeline', projectId],
    queryFn: () => engine.pipelines.definition({ projectId }),
    // The file is the user's: look again whenever a page that shows it is opened.
    staleTime: 0,
  });
  const executions = useQuery({
    queryKey: ['executions', projectId],
    queryFn: () => engine.pipelines.executions({ projectId }),
  });
  return { pipeline, executions };
}
