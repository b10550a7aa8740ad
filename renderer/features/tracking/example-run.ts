import type { Run } from '../../../contract/index.ts';
import { fixtureMetric, fixtureRun } from '../../../contract/fixture-run.ts';

/** A run for tests of pure functions: finished, with these params and last values of metrics. */
export const exampleRun = (
  id: string,
  params: Record<string, string> = {},
  metrics: Record<string, number> = {},
): Run =>
  fixtureRun({
    id,
    name: `run ${id}`,
    params,
    metrics: Object.fromEntries(Object.entries(metrics).map(([key, last]) => [key, fixtureMetric(last)])),
  });
