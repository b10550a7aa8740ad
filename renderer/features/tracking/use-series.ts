import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Run, SeriesView } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { appendPoints } from './append-points.ts';
import { reportDefect } from '../../app/report-defect.ts';

interface SeriesQuestion {
  readonly runIds: readonly string[];
  /** All of the runs' metrics when left out. */
  readonly keys?: readonly string[];
  readonly points: number;
  readonly axis?: 'step' | 'time';
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

const keyOf = (question: SeriesQuestion) => ['series', question] as const;

/** Metric series of runs, made ready for a drawing of `points` columns. */
export function useSeries(question: SeriesQuestion, isWanted = true) {
  return useQuery({
    queryKey: keyOf(question),
    queryFn: ({ signal }) =>
      engine.tracking.series(
        {
          runIds: [...question.runIds],
          points: question.points,
          ...(question.keys === undefined ? {} : { keys: [...question.keys] }),
          ...(question.axis === undefined ? {} : { axis: question.axis }),
          ...(question.from === undefined ? {} : { from: question.from }),
          ...(question.to === undefined ? {} : { to: question.to }),
        },
        { signal },
      ),
    enabled: isWanted && question.runIds.length > 0,
    placeholderData: keepPreviousData,
  });
}

/** Above this many points held, new ones are read thinned instead of put behind the old ones. */
const heldPointsAtMost = 20_000;
const drawEveryMs = 100;

/** Lets the series of runs that go on grow where they are shown, from the engine's own events. */
export function useSeriesGrowth(runs: readonly Run[]): void {
  const names = runs
    .filter((run) => run.status === 'running' || run.status === 'queued')
    .map((run) => run.id)
    .join(' ');
  useEffect(() => {
    if (names === '') return;
    const leave = new AbortController();
    let waiting: Omit<SeriesView, 'pointCount'>[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = () => {
      timer = undefined;
      const grown = waiting;
      waiting = [];
      growSeries(grown);
    };
    const follow = async () => {
      for await (const event of engine.tracking.growth(
        { runIds: names.split(' ') },
        { signal: leave.signal },
      )) {
        if (event.kind === 'reset') await queryClient.invalidateQueries({ queryKey: ['series'] });
        else {
          waiting.push(...event.series);
          timer ??= setTimeout(draw, drawEveryMs);
        }
      }
    };
    follow().catch((error: unknown) => {
      if (!leave.signal.aborted) reportDefect('The stream of new points ended', error);
    });
    return () => {
      leave.abort();
      clearTimeout(timer);
      // What ended in between is read once more, whole.
      void queryClient.invalidateQueries({ queryKey: ['series'] });
    };
  }, [names]);
}

function growSeries(grown: readonly Omit<SeriesView, 'pointCount'>[]): void {
  const asked = queryClient.getQueriesData<SeriesView[]>({ queryKey: ['series'], type: 'active' });
  for (const [key, views] of asked) {
    const question = key[1] as SeriesQuestion;
    if (views === undefined) continue;
    const isZoomed = question.to !== undefined || question.from !== undefined;
    const fits = grown.filter(
      ({ runId, key: metric }) =>
        question.runIds.includes(runId) && (question.keys === undefined || question.keys.includes(metric)),
    );
    if (fits.length === 0 || isZoomed) continue;
    const next = appendPoints(views, fits);
    if (next.some((view) => view.values.length > Math.min(heldPointsAtMost, question.points * 6))) {
      void queryClient.invalidateQueries({ queryKey: key });
    } else queryClient.setQueryData(key, next);
  }
}
