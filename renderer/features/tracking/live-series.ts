import { createLivePoints, type LivePoints } from '../../ui/series-chart/live-points.ts';

const feeds = new Map<string, LivePoints>();

/** The points of a metric that arrived since its columns were read, of every run that is followed. One for all charts. */
export function liveSeries(metric: string): LivePoints {
  let feed = feeds.get(metric);
  if (feed === undefined) feeds.set(metric, (feed = createLivePoints()));
  return feed;
}

/** Forgets what arrived of a run (of all runs without one): fresh columns hold it. */
export function clearLiveSeries(runId?: string): void {
  for (const feed of feeds.values()) feed.clear(runId);
}
