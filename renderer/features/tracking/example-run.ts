import type { MetricSummary, Run } from '../../../contract/index.ts';

/** A run for tests of pure functions: finished, with these params and last values of metrics. */
export function exampleRun(
  id: string,
  params: Record<string, string> = {},
  metrics: Record<string, number> = {},
): Run {
  const summary = (last: number): MetricSummary => ({
    last,
    lastStep: 9,
    min: last,
    max: last,
    count: 10,
    isGuessed: false,
  });
  return {
    id,
    name: `run ${id}`,
    projectId: 'p',
    experimentId: '0',
    parentRunId: null,
    status: 'finished',
    ending: 'exit code 0',
    exitCode: 0,
    createdAt: 0,
    startedAt: 0,
    endedAt: 1000,
    gaps: [],
    command: [],
    workingFolder: null,
    source: 'runner',
    isStarred: false,
    note: '',
    isDeleted: false,
    params,
    metrics: Object.fromEntries(Object.entries(metrics).map(([key, last]) => [key, summary(last)])),
    tags: {},
  };
}
