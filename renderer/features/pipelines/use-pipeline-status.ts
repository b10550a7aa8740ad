import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Execution, Pipeline } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';

/**
 * Which stages of a pipeline are up to date. Looked at anew when the page is opened, the window comes to the front, or the latest
 * execution begins or ends: files change beside the window.
 */
export function usePipelineStatus(
  projectId: string,
  pipeline: Pipeline | null | undefined,
  last: Pick<Execution, 'id' | 'status'> | undefined,
) {
  return useQuery({
    queryKey: ['pipeline-status', projectId, last?.id, last?.status],
    queryFn: async () => (await engine.pipelines.status({ projectId })).stages,
    enabled: pipeline !== null && pipeline !== undefined && pipeline.problems.length === 0,
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchOnWindowFocus: 'always',
  });
}
