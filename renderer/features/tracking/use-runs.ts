import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { RunOrder } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';

/** Three screens of rows: what is fetched before anything is seen, and each time the end comes near. */
const pageRuns = 100;

/** Runs of a project (of all projects when null), page after page, filtered and ordered by the store. */
export function useRuns(projectId: string | null, text: string, order: RunOrder) {
  const query = useInfiniteQuery({
    queryKey: ['runs', projectId, text, order],
    queryFn: ({ pageParam, signal }) =>
      engine.tracking.searchRuns(
        {
          text,
          order: [order],
          limit: pageRuns,
          ...(projectId === null ? {} : { projectId }),
          ...(pageParam === null ? {} : { after: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
  const runs = useMemo(() => query.data?.pages.flatMap((page) => page.runs) ?? [], [query.data]);
  const first = query.data?.pages[0];
  // Where counting would have kept the first rows waiting, it is asked for beside them.
  const { data: count } = useQuery({
    queryKey: ['runs-count', projectId, text, first],
    queryFn: ({ signal }) =>
      engine.tracking.countRuns({ text, ...(projectId === null ? {} : { projectId }) }, { signal }),
    enabled: first?.isMatchedExact === false,
    gcTime: 0,
  });
  return { ...query, runs, matched: count?.matched ?? first?.matched ?? 0, total: first?.total ?? 0 };
}
