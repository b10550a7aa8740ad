import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { Run, RunOrder, RunPage } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { plainView, viewOfParams } from './runs-view.ts';

/** Rows that are read together: three screens of them. */
export const blockRuns = 100;
/** Blocks scrolled past are forgotten after a while: a hundred thousand rows are not kept for having been seen once. */
const keepUnseenMs = 60_000;

interface RunsQuestion {
  readonly projectId: string | null;
  readonly text: string;
  readonly order: RunOrder;
  /** Runs that judged versions too. */
  readonly evidence: boolean;
}

const blockKey = ({ projectId, text, order, evidence }: RunsQuestion, block: number) => [
  'runs',
  projectId,
  text,
  order,
  evidence,
  block,
];

/** Reads on from the block before where that is known, which is as fast at the end as at the beginning; else jumps. */
function readBlock(question: RunsQuestion, block: number, signal: AbortSignal): Promise<RunPage> {
  const before = block === 0 ? undefined : queryClient.getQueryData<RunPage>(blockKey(question, block - 1));
  const from = before?.next ? { after: before.next } : { offset: block * blockRuns };
  const { projectId, text, order, evidence } = question;
  return engine.tracking.searchRuns(
    {
      text,
      evidence,
      order: [order],
      limit: blockRuns,
      ...from,
      ...(projectId === null ? {} : { projectId }),
    },
    { signal },
  );
}

/** Asks for the first rows that a page of runs will show, unless its address carries an order of its own. */
export function askRunsAhead(projectId: string | null, params: URLSearchParams): void {
  if (viewOfParams(params) !== null) return;
  const question = { projectId, text: params.get('q') ?? '', order: plainView.order, evidence: false };
  const asked = queryClient.query({
    queryKey: blockKey(question, 0),
    queryFn: ({ signal }) => readBlock(question, 0, signal),
  });
  // The page asks the same and says what is wrong.
  asked.catch(() => undefined);
}

/**
 * The runs of a project (of all projects when null) as rows of a table: filtered and ordered by the store, read block by block
 * where they are looked at. Row numbers count from 0 to `matched`.
 */
export function useRuns(projectId: string | null, text: string, order: RunOrder, evidence: boolean) {
  const { by, descending } = order;
  const question = useMemo(
    () => ({ projectId, text, order: { by, descending }, evidence }),
    [projectId, text, by, descending, evidence],
  );
  const [blocks, setBlocks] = useState<{ of: RunsQuestion; numbers: readonly number[] }>();
  const first = useQuery({
    queryKey: blockKey(question, 0),
    queryFn: ({ signal }) => readBlock(question, 0, signal),
    placeholderData: keepPreviousData,
  });
  const isOld = first.isPlaceholderData;
  const numbers = isOld || blocks?.of !== question ? none : blocks.numbers;
  const further = useQueries({
    queries: numbers.map((block) => ({
      queryKey: blockKey(question, block),
      queryFn: ({ signal }: { signal: AbortSignal }) => readBlock(question, block, signal),
      gcTime: keepUnseenMs,
    })),
    combine: pagesOf,
  });
  const head = first.data;
  // Where counting would have kept the first rows waiting, it is asked for beside them.
  const { data: count } = useQuery({
    queryKey: ['runs-count', projectId, text, evidence, head],
    queryFn: ({ signal }) =>
      engine.tracking.countRuns({ text, evidence, ...(projectId === null ? {} : { projectId }) }, { signal }),
    enabled: head?.isMatchedExact === false,
    gcTime: 0,
  });
  const pages = useMemo(
    () =>
      new Map<number, RunPage | undefined>([
        [0, head],
        ...numbers.map((block, at) => [block, further[at]] as const),
      ]),
    [head, numbers, further],
  );
  const runAt = useCallback(
    (row: number): Run | undefined => pages.get(Math.floor(row / blockRuns))?.runs[row % blockRuns],
    [pages],
  );
  /** Rows that have been read and are near what is seen. */
  const runs = useMemo(() => [...pages.values()].flatMap((page) => page?.runs ?? []), [pages]);
  /** The row of a run that has been read; −1 for any other. */
  const rowOf = useCallback(
    (runId: string | null): number => {
      for (const [block, page] of pages) {
        const at = page?.runs.findIndex((run) => run.id === runId) ?? -1;
        if (at >= 0) return block * blockRuns + at;
      }
      return -1;
    },
    [pages],
  );
  /** Says which rows are looked at, so that their blocks are read. */
  const look = useCallback(
    (from: number, to: number) => {
      const last = Math.floor(Math.max(from, to) / blockRuns);
      const wanted: number[] = [];
      for (let block = Math.max(1, Math.floor(from / blockRuns)); block <= last; block++) wanted.push(block);
      setBlocks((before) =>
        before?.of === question && before.numbers.join() === wanted.join()
          ? before
          : { of: question, numbers: wanted },
      );
    },
    [question],
  );
  return {
    first: head,
    error: first.error,
    refetch: first.refetch,
    isOld,
    matched: count?.matched ?? head?.matched ?? 0,
    total: head?.total ?? 0,
    runAt,
    rowOf,
    runs,
    look,
  };
}

const none: readonly number[] = [];
const pagesOf = (results: readonly { data: RunPage | undefined }[]) => results.map(({ data }) => data);
