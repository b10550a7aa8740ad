import { metricJson } from '../mlflow-answers/index.ts';
import { queries, type HistoryCursor, type Point } from '../tracking/index.ts';
import { endpoint, type Endpoint, type Rooms } from './endpoint.ts';
import { int32, shape, string, strings } from './message.ts';
import { invalid } from './mlflow-error.ts';
import { pageToken, readPageToken } from './page-token.ts';
import { byRunId } from './runs.ts';

/** A history without pages is cut here: an answer beyond it would not fit into a client's memory either. */
const wholeHistory = 5_000_000;
const maxBulk = 25_000;

export const metricEndpoints: readonly Endpoint[] = [
  endpoint(
    'GET',
    'metrics/get-history',
    shape({ ...byRunId, metric_key: string, page_token: string, max_results: int32 }, [
      'run_id',
      'metric_key',
    ]),
    async ({ run_id, run_uuid = '', metric_key, page_token, max_results }, { rooms }) => {
      if (max_results !== undefined && max_results <= 0)
        throw invalid(
          `Invalid value ${max_results} for parameter 'max_results' supplied. It must be a positive integer.`,
        );
      const after = readPageToken(page_token);
      const { points, next } = await rooms.store.query(queries, 'tracking.metricHistory', {
        runId: run_id || run_uuid,
        key: metric_key,
        after: after === null ? null : historyCursor(after),
        limit: max_results ?? wholeHistory,
      });
      return {
        ...(points.length === 0 ? {} : { metrics: points.map(metricJson) }),
        ...(next === null ? {} : { next_page_token: pageToken(cursorOf(next)) }),
      };
    },
  ),
  endpoint(
    'GET',
    'metrics/get-history-bulk',
    shape({ run_id: strings, metric_key: string, max_results: int32 }),
    async ({ run_id = [], metric_key, max_results = maxBulk }, { rooms }) => {
      if (run_id.length === 0)
        throw invalid('GetMetricHistoryBulk request must specify at least one run_id.');
      if (run_id.length > 100)
        throw invalid(
          `GetMetricHistoryBulk request cannot specify more than 100 run_ids. Received ${run_id.length} run_ids.`,
        );
      if (metric_key === undefined) throw invalid('GetMetricHistoryBulk request must specify a metric_key.');
      const limit = Math.max(0, Math.min(max_results, maxBulk));
      const metrics: object[] = [];
      for (const runId of [...new Set(run_id)].toSorted()) {
        if (metrics.length >= limit) break;
        const { points } = await rooms.store.query(queries, 'tracking.metricHistory', {
          runId,
          key: metric_key,
          after: null,
          limit: limit - metrics.length,
        });
        metrics.push(...points.map((point) => ({ ...metricJson(point), run_id: runId })));
      }
      return { metrics };
    },
  ),
  endpoint(
    'GET',
    'metrics/get-history-bulk-interval',
    shape(
      { run_ids: strings, metric_key: string, start_step: int32, end_step: int32, max_results: int32 },
      ['run_ids', 'metric_key'],
      {
        run_ids: (json) =>
          Array.isArray(json) && json.length > 100
            ? `GetMetricHistoryBulkInterval request must specify at most 100 run_ids. Received ${json.length} run_ids.`
            : null,
        max_results: (json) =>
          Number(json) < 1 || Number(json) > 2500 ? 'max_results must be between 1 and 2500.' : null,
      },
    ),
    async ({ run_ids, metric_key, start_step, end_step, max_results = 2500 }, { rooms }) => {
      const steps = stepsOf(start_step, end_step);
      const metrics: object[] = [];
      for (const runId of run_ids) {
        const points = await sampled(rooms, { runId, key: metric_key, limit: max_results, steps });
        metrics.push(...points.map((point) => ({ ...metricJson(point), run_id: runId })));
      }
      return metrics.length === 0 ? {} : { metrics };
    },
  ),
];

const sampled = (
  rooms: Rooms,
  input: { runId: string; key: string; limit: number; steps: { from: number; to: number } | null },
): Promise<Point[]> => rooms.store.query(queries, 'tracking.sampledHistory', input);

function stepsOf(start: number | undefined, end: number | undefined): { from: number; to: number } | null {
  if (start === undefined && end === undefined) return null;
  if (start === undefined || end === undefined)
    throw invalid('If either start step or end step are specified, both must be specified.');
  if (start > end)
    throw invalid(`end_step must be greater than start_step. Found start_step=${start} and end_step=${end}.`);
  return { from: start, to: end };
}

/** As page tokens hold it: what has no JSON is a text there. */
const cursorOf = ({ time, step, value }: HistoryCursor): (number | string)[] => [
  time,
  step,
  Number.isFinite(value) ? value : String(value),
];

function historyCursor([time, step, value]: readonly unknown[]): HistoryCursor {
  const number = typeof value === 'string' && /^(NaN|-?Infinity)$/.test(value) ? Number(value) : value;
  if (typeof time !== 'number' || typeof step !== 'number' || typeof number !== 'number')
    throw invalid('Invalid page token: it belongs to another search.');
  return { time, step, value: number };
}
