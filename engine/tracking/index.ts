export { migrations } from './migrations.ts';
export { queries } from './queries.ts';
export { createTracking, type Recorder, type Tracking } from './tracking.ts';
export type { Point } from './writes.ts';
