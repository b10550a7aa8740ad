import type { SeriesView } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { queries } from './queries.ts';
import { seriesAsked, sizeAsked, type SeriesRequest } from './series-view.ts';

/** Fewer points are read by one reader: asking two costs a part of a millisecond, and the start of one the first time. */
const worthSharing = 200_000;
/** As many as the store has readers. */
const shares = 2;

/**
 * The series asked for, thinned. Where they have many points, every second one goes to each reader. Which these are is
 * looked up once, since a series that begins meanwhile would shift the others.
 */
export async function seriesInShares(store: Store, request: SeriesRequest): Promise<SeriesView[]> {
  const { series: count = 0, points = 0 } = store.now((db) => sizeAsked(db, request)) ?? {};
  if (count < shares || points < worthSharing) return store.query(queries, 'tracking.series', request);
  const asked = store.now((db) => seriesAsked(db, request));
  const { runIds: _runIds, keys: _keys, ...view } = request;
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
