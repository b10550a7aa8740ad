import { searchRuns } from './run-search.ts';
import { seriesViews } from './series-view.ts';

/** The reads of this room that are heavy enough for a reader thread. */
export const queries = { 'tracking.searchRuns': searchRuns, 'tracking.series': seriesViews };
