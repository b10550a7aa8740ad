import type { MetricSummary, Run } from './tracking.ts';

/** For tests: a run that finished, which took a second and measured nothing, with what is named otherwise. */
export const fixtureRun = (more: Partial<Run> = {}): Run => ({
  id: 'r',
  name: 'run',
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
  params: {},
  metrics: {},
  tags: {},
  ...more,
});

/** For tests: ten points of a metric that all have one value, told by the program, with what is named otherwise. */
export const fixtureMetric = (value: number, more: Partial<MetricSummary> = {}): MetricSummary => ({
  last: value,
  lastStep: 9,
  min: value,
  max: value,
  count: 10,
  isGuessed: false,
  ...more,
});
