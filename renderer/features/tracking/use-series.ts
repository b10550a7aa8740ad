import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Run, SeriesView } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { reportDefect } from '../../app/report-defect.ts';
import { appendPoints } from './append-points.ts';
import { clearLiveSeries, liveSeries } from './live-series.ts';

type Points = Omit<SeriesView, 'pointCount'>;

interface SeriesQuestion {
  readonly runIds: readonly string[];
  /** All of the runs' metrics when left out. */
  readonly keys?: readonly string[];
  readonly points: number;
  readonly axis?: 'step' | 'time';
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/**
 * Metric series of runs, made ready for a drawing of `points` columns. They are read once: what comes after is in
 * `liveSeries(metric)`, which charts draw without a query and without a render.
 */
export function useSeries(question: SeriesQuestion, isWanted = true) {
  return useSeriesOf('series', question, isWanted);
}

/** Small series for the cells of a table, which grow in the answer itself. */
export function useTrends(question: SeriesQuestion, isWanted: boolean) {
  return useSeriesOf('trends', question, isWanted);
}

function useSeriesOf(kind: 'series' | 'trends', question: SeriesQuestion, isWanted: boolean) {
  return useQuery({
    queryKey: [kind, question],
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

/** Trends of more points than this many times the asked are read thinned instead of growing on. */
const grownAtMost = 6;
const drawEveryMs = 100;

/** Lets the series of runs that go on grow where they are shown, from the engine's own events. */
export function useSeriesGrowth(runs: readonly Run[]): void {
  const names = runs
    .filter((run) => run.status === 'running' || run.status === 'queued')
    .map((run) => run.id)
    .toSorted()
    .join(' ');
  useEffect(() => {
    if (names === '') return;
    const ids = names.split(' ');
    const leave = new AbortController();
    let waiting: Points[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = () => {
      timer = undefined;
      growTrends(waiting);
      waiting = [];
    };
    const follow = async () => {
      for await (const event of engine.tracking.growth({ runIds: ids }, { signal: leave.signal })) {
        if (event.kind === 'reset') await readAnew(ids);
        else {
          for (const points of event.series) liveSeries(points.key).append(points.runId, points);
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
      void readAnew(ids);
    };
  }, [names]);
}

/** Reads columns again, and only then forgets the points that they now hold. */
async function readAnew(runIds: readonly string[]): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ['series'] }),
    queryClient.invalidateQueries({ queryKey: ['trends'] }),
  ]);
  for (const id of runIds) clearLiveSeries(id);
}

function growTrends(grown: readonly Points[]): void {
  const asked = queryClient.getQueriesData<SeriesView[]>({ queryKey: ['trends'], type: 'active' });
  for (const [key, views] of asked) {
    const question = key[1] as SeriesQuestion;
    if (views === undefined) continue;
    const fits = grown.filter(
      ({ runId, key: metric }) =>
        question.runIds.includes(runId) && (question.keys === undefined || question.keys.includes(metric)),
    );
    if (fits.length === 0) continue;
    const next = appendPoints(views, fits);
    if (next.some((view) => view.values.length > question.points * grownAtMost)) {
      void queryClient.invalidateQueries({ queryKey: key });
    } else queryClient.setQueryData(key, next);
  }
}
