import type { Store } from '../store/index.ts';
import { queries, type HistoryCursor, type Point } from '../tracking/index.ts';

/** Points read at once. */
const pageSize = 10_000;

/** A series in the order (time, step, value), from after a mark. */
export async function* seriesPages(
  { store }: { readonly store: Store },
  runId: string,
  key: string,
  after: HistoryCursor | null,
): AsyncGenerator<Point[]> {
  let cursor = after === null ? null : { time: after.time, step: after.step, value: after.value };
  do {
    const page = await store.query(queries, 'tracking.metricHistory', {
      runId,
      key,
      after: cursor,
      limit: pageSize,
    });
    if (page.points.length > 0) yield page.points;
    cursor = page.next;
  } while (cursor !== null);
}
