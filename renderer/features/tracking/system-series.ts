import type { Run } from '../../../contract/index.ts';

/**
 * Series that tell what a run used of the machine, not how it went: `system/…`, as the runner samples them and as MLflow's own
 * system metrics are named. They have a tab of their own and stand nowhere else unless they are chosen.
 */
export const isSystemSeries = (key: string) => key.startsWith('system/');

/** The run's metrics, those that describe its use of the machine left out. */
export function ownMetrics(run: Run): Run['metrics'] {
  return Object.fromEntries(Object.entries(run.metrics).filter(([key]) => !isSystemSeries(key)));
}

/** Orders series by name, those of the whole machine behind those of the run itself. */
export function byUser(one: string, other: string): number {
  const isMachine = (key: string) => Number(key.startsWith('system/machine_'));
  return isMachine(one) - isMachine(other) || one.localeCompare(other);
}
