import type Database from 'better-sqlite3';
import { metricDirection, reproducesTag, type ComparableRuns, type Run } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { runsOf, type RunRow } from './rows.ts';

/** Runs of a project that are looked through: the latest, and the latest before the one that is asked for. */
const lookedThrough = 300;
const columns = 'run_id AS runId, command';

/** Runs of the same project as a run that are over, by their commands, the newest first. */
export function commandsBeside(
  db: Database.Database,
  { runId }: { runId: string },
): { runId: string; command: string[] }[] {
  const run = prepared(
    db,
    'SELECT project_id AS projectId, created_at AS createdAt FROM run WHERE run_id = ?',
  ).get(runId) as { projectId: string | null; createdAt: number } | undefined;
  if (run === undefined || run.projectId === null) return [];
  const over = 'FROM run WHERE project_id = ? AND deleted_at IS NULL';
  const order = `ORDER BY created_at DESC, id DESC LIMIT ${lookedThrough}`;
  const rows = [
    ...prepared(db, `SELECT ${columns}, ended_at AS endedAt ${over} ${order}`).all(run.projectId),
    ...prepared(db, `SELECT ${columns}, ended_at AS endedAt ${over} AND created_at <= ? ${order}`).all(
      run.projectId,
      run.createdAt,
    ),
  ] as { runId: string; command: string; endedAt: number | null }[];
  const found = new Map(rows.filter(({ endedAt }) => endedAt !== null).map((row) => [row.runId, row]));
  found.delete(runId);
  return [...found.values()].map((row) => ({
    runId: row.runId,
    command: JSON.parse(row.command) as string[],
  }));
}

/** Of some runs, those that a run is best held against; see `comparableRuns`. */
export function comparable(
  db: Database.Database,
  { runId, otherIds }: { runId: string; otherIds: readonly string[] },
): ComparableRuns {
  const rows = prepared(
    db,
    'SELECT * FROM run WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY created_at DESC, id DESC',
  ).all(JSON.stringify([runId, ...otherIds])) as RunRow[];
  const runs = runsOf(db, rows);
  const run = runs.find(({ id }) => id === runId);
  if (run === undefined) return { previous: null, best: null };
  // A reproduction was made to be no different.
  return comparableRuns(
    run,
    runs.filter(({ id, tags }) => id !== runId && tags[reproducesTag] === undefined),
  );
}

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
