import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { TraceScope } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';

/** How many traces a run and its experiment have; undefined while nobody knows. */
export function useTraceCount(runId: string) {
  return useQuery({
    queryKey: ['traces', 'count', runId],
    queryFn: () => engine.traces.count({ runId }),
  }).data;
}

export function useTraces(runId: string, scope: TraceScope) {
  return useInfiniteQuery({
    queryKey: ['traces', 'list', runId, scope],
    queryFn: ({ pageParam }) =>
      engine.traces.list({ runId, scope, ...(pageParam === null ? {} : { after: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
}

export function useTrace(traceId: string) {
  return useQuery({
    queryKey: ['traces', 'one', traceId],
    queryFn: () => engine.traces.trace({ traceId }),
  });
}
