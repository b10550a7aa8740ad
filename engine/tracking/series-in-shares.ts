import type { SeriesView } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { queries } from './queries.ts';
import { firstFrom } from './points/stretches.ts';
import { bucketsBetween } from './m4.ts';
import { extentOf, seriesAsked, sizeAsked, type SeriesAsked, type SeriesRequest } from './series-view.ts';

/** Fewer points are read by one reader: asking two costs a part of a millisecond, and the start of one the first time. */
const worthSharing = 200_000;
/** As many as the store has readers. */
const shares = 2;

/**
 * The series asked for, thinned. Where they have many points, every second one goes to each reader; of one long series each
 * reader has one half of the axis. Which series these are is looked up once, since one that begins meanwhile would shift
 * the others.
 */
export async function seriesInShares(store: Store, request: SeriesRequest): Promise<SeriesView[]> {
  const { points = 0 } = store.now((db) => sizeAsked(db, request)) ?? {};
  if (points < worthSharing) return store.query(queries, 'tracking.series', request);
  const asked = store.now((db) => seriesAsked(db, request));
  const { runIds: _runIds, keys: _keys, ...view } = request;
  const [only] = asked;
  const isWhole = view.from === undefined && view.to === undefined;
  if (only !== undefined && asked.length === 1 && isWhole && view.points >= shares)
    return [await inHalves(store, only, view)];
  const parts = await Promise.all(
    Array.from({ length: shares }, (_, share) =>
      store.query(queries, 'tracking.seriesByNumber', {
        ...view,
        series: asked.filter((_series, place) => place % shares === share),
      }),
    ),
  );
  return asked.flatMap((_series, place) => parts[place % shares]?.[Math.floor(place / shares)] ?? []);
}

/** One series from the first to the last point: the intervals of the drawing are agreed upon first. */
async function inHalves(
  store: Store,
  series: SeriesAsked,
  { axis, points }: Pick<SeriesRequest, 'axis' | 'points'>,
): Promise<SeriesView> {
  const { start, end } = store.now((db) => extentOf(db, series.id, axis));
  const buckets = bucketsBetween(start, end, points);
  const edge = start + buckets.width * Math.ceil(points / 2);
  const half = async (range: { from?: number; to?: number }) =>
    (
      await store.query(queries, 'tracking.seriesByNumber', {
        axis,
        points,
        ...range,
        buckets,
        series: [series],
      })
    )[0];
  const [left, right] = await Promise.all([half({ to: edge }), half({ from: edge })]);
  if (left === undefined || right === undefined)
    throw new Error('A reader gave no series for the one asked.');
  // What lies on the edge itself was read by both.
  const kept = firstFrom(axis === 'step' ? left.steps : left.times, edge);
  const joined = (column: 'steps' | 'times' | 'values'): Float64Array<ArrayBuffer> => {
    const whole = new Float64Array(kept + right[column].length);
    whole.set(left[column].subarray(0, kept));
    whole.set(right[column], kept);
    return whole;
  };
  return {
    ...right,
    pointCount: series.pointCount,
    steps: joined('steps'),
    times: joined('times'),
    values: joined('values'),
  };
}
