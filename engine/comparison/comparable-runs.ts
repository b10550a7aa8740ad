import { metricDirection, type ComparableRuns, type Run } from '../../contract/index.ts';

/**
 * Among runs of the same program, the newest first: the one before a run, and the best of those that finished. They are
 * ranked by a metric that the run has itself and whose name says which way is better, measured on held-out data where there is
 * such a one. The best is null when the run itself is, or when it cannot be ranked.
 */
export function comparableRuns(run: Run, others: readonly Run[]): ComparableRuns {
  const previous = others.find(
    (other) => other.createdAt < run.createdAt || (other.createdAt === run.createdAt && other.id < run.id),
  );
  return {
    previous: previous === undefined ? null : { runId: previous.id, name: previous.name },
    best: bestOf(run, others),
  };
}

function bestOf(run: Run, others: readonly Run[]): ComparableRuns['best'] {
  const metric = rankingMetric(run);
  if (metric === null) return null;
  const sign = metricDirection(metric) === 'lower' ? 1 : -1;
  const ranked = [run, ...others]
    .filter((one) => one === run || one.status === 'finished')
    .flatMap((one) => {
      const value = one.metrics[metric]?.last;
      return value === undefined || Number.isNaN(value) ? [] : [{ run: one, value }];
    })
    .toSorted((one, other) => sign * (one.value - other.value));
  const [best] = ranked;
  if (best === undefined || best.run === run) return null;
  return { runId: best.run.id, name: best.run.name, metric, value: best.value };
}

/** Data that the program did not learn from tells more than data it did. */
const heldOut = /(^|[^a-z])(val|valid|validation|test|eval|holdout|dev)([^a-z]|$)/i;
/** How long it took is seldom what a run is for. */
const ofTime = /time|duration|seconds|latency|throughput|bytes/i;

function rankingMetric(run: Run): string | null {
  const rank = (name: string) => (heldOut.test(name) ? 0 : 2) + (ofTime.test(name) ? 4 : 0);
  return (
    Object.keys(run.metrics)
      .filter((name) => !name.startsWith('system/') && metricDirection(name) !== null)
      .toSorted((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))[0] ?? null
  );
}
