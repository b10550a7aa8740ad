export { createStaleness, type CheckedProject, type Staleness } from './create-staleness.ts';
export type { CommittedStage, JudgedStage, StalenessCheck } from './staleness-check.ts';
export { statusHandlers } from './status-handlers.ts';
