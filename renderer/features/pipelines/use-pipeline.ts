import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { engine } from '../../app/engine.ts';

/** A project's pipeline as its file defines it now, its latest executions, and the last of them with its stages. */
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
  const lastId = executions.data?.[0]?.id;
  const last = useQuery({
    queryKey: ['executions', projectId, lastId],
    queryFn: lastId === undefined ? skipToken : () => engine.pipelines.execution({ executionId: lastId }),
    placeholderData: keepPreviousData,
  });
  return { pipeline, executions, last };
}
