import { commandsBeside, comparable } from './comparable-runs.ts';
import { metricHistory, sampledHistory } from './metric-history.ts';
import { countMatches, searchRuns } from './run-search.ts';
import { seriesViews, viewsOf } from './series-view.ts';
import { experimentQuery } from './experiment-query.ts';
import { loggedModelQuery } from './logged-model-query.ts';
import { datasetSummaries } from './run-inputs.ts';

/** The reads of this room that are heavy enough for a reader thread. */
export const queries = {
  'tracking.searchRuns': searchRuns,
  'tracking.countRuns': countMatches,
  'tracking.commandsBeside': commandsBeside,
  'tracking.comparable': comparable,
  'tracking.series': seriesViews,
  'tracking.seriesByNumber': viewsOf,
  'tracking.experimentQuery': experimentQuery,
  'tracking.loggedModelQuery': loggedModelQuery,
  'tracking.metricHistory': metricHistory,
  'tracking.sampledHistory': sampledHistory,
  'tracking.datasetSummaries': datasetSummaries,
};
