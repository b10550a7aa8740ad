import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { TraceScope } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';

/** How many traces a run and its experiment have; undefined while nobody knows. */
export function useTraceCount(runId: string) {
  return useQuery({
    queryKey: ['traces', 'count', runId],
    queryFn: () => engine.traces.count({ runId }),
  }).data;
}

export function useTraces(runId: string, scope: TraceScope, filter: string) {
  return useInfiniteQuery({
    queryKey: ['traces', 'list', runId, scope, filter],
    queryFn: ({ pageParam, signal }) =>
      engine.traces.list(
        { runId, scope, filter, ...(pageParam === null ? {} : { after: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    // While a new filter is being answered.
    placeholderData: keepPreviousData,
  });
}

export function useTrace(traceId: string) {
  return useQuery({
    queryKey: ['traces', 'one', traceId],
    queryFn: () => engine.traces.trace({ traceId }),
  });
}
