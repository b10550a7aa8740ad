export { createExecutions } from './create-executions.ts';
export type { StageRunner } from './stage-runs.ts';
export { createSchedule } from './schedule.ts';
