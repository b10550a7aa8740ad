export { createStaleness, type CheckedProject, type Staleness } from './create-staleness.ts';
export type { StalenessCheck } from './staleness-check.ts';
export { statusHandlers } from './status-handlers.ts';
