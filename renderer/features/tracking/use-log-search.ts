import { useEffect, useState } from 'react';
import { errorShapeOf } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { findList } from '../../ui/log-view/find-list.ts';
import type { LogQuery, LogSearch } from '../../ui/log-view/log-search.ts';

/** A word is searched when nobody has typed for so long. */
const typingMs = 150;
/** A log that grows is searched on at most this often. */
const goOnMs = 1000;

interface Found {
  readonly finds: ReturnType<typeof findList>;
  readonly count: number;
  readonly searchedTo: number;
  readonly sizeBytes: number;
  readonly isComplete: boolean;
  readonly problem: string | null;
}

const nothing = (): Found => ({
  finds: findList(),
  count: 0,
  searchedTo: 0,
  sizeBytes: 0,
  isComplete: false,
  problem: null,
});

/** Searches a run's whole console output in the engine, `sizeBytes` long by now, and goes on as it grows. */
export function useLogSearch(runId: string, sizeBytes: number): LogSearch {
  const [query, setQuery] = useState<LogQuery>({ text: '', isRegex: false, isCaseSensitive: false });
  const [found, setFound] = useState<Found>(nothing);
  const hasGrown = found.isComplete && found.problem === null && sizeBytes > found.sizeBytes;

  async function search(before: Found, signal: AbortSignal): Promise<void> {
    const { finds, searchedTo: from } = before;
    // The last line was searched before it was whole.
    const known = finds.length;
    finds.dropFrom(from);
    let count = before.count - (known - finds.length);
    try {
      for await (const part of engine.runner.searchLog({ runId, from, ...query }, { signal })) {
        if (signal.aborted) return;
        finds.add(part.offsets);
        count += part.count;
        setFound({ ...part, finds, count, problem: null });
      }
    } catch (error) {
      if (signal.aborted) return;
      const { what, evidence } = errorShapeOf(error);
      setFound({ ...nothing(), isComplete: true, problem: evidence ?? what });
    }
  }

  useEffect(() => {
    setFound(nothing());
    if (query.text === '') return;
    const leave = new AbortController();
    const timer = setTimeout(() => void search(nothing(), leave.signal), typingMs);
    return () => {
      clearTimeout(timer);
      leave.abort();
    };
    // `search` is of this very render.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [runId, query]);
  useEffect(() => {
    if (!hasGrown) return;
    const leave = new AbortController();
    const timer = setTimeout(() => void search(found, leave.signal), goOnMs);
    return () => {
      clearTimeout(timer);
      leave.abort();
    };
    // What is found while it goes on must not begin it again.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [hasGrown]);

  return {
    query,
    setQuery,
    finds: found.finds,
    count: found.count,
    searchedShare:
      query.text === ''
        ? null
        : found.isComplete
          ? 1
          : found.sizeBytes === 0
            ? 0
            : found.searchedTo / found.sizeBytes,
    problem: found.problem,
  };
}
