import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';

/** More runs than this are selected but not drawn or compared: nobody could tell them apart. */
export const drawnRunsAtMost = 100;

/** The runs a person chose, in the order of choosing; they stay chosen when the filter or the scrolling hides their rows. */
export function useSelection() {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Run>>(new Map());
  const toggle = useCallback((run: Run) => {
    setChosen((before) => {
      const next = new Map(before);
      if (!next.delete(run.id)) next.set(run.id, run);
      return next;
    });
  }, []);
  const add = useCallback((runs: readonly Run[]) => {
    setChosen((before) => new Map([...before, ...runs.map((run) => [run.id, run] as const)]));
  }, []);
  const clear = useCallback(() => setChosen(new Map()), []);
  const drawn = useMemo(() => [...chosen.values()].slice(0, drawnRunsAtMost), [chosen]);
  const runs = useQueries({
    queries: drawn.map((run) => ({
      queryKey: ['run', run.id],
      queryFn: () => engine.tracking.run({ runId: run.id }),
      initialData: run,
    })),
    combine: runsOf,
  });
  return { ids: chosen, runs, toggle, add, clear };
}

const runsOf = (results: readonly { data: Run | undefined }[]) =>
  results.map(({ data }) => data).filter((run) => run !== undefined);
