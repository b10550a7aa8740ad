export { migrations } from './migrations.ts';
export { createPipelines } from './pipelines.ts';
export { createStaleness } from './staleness/index.ts';
export { createSchedule } from './execution/index.ts';
