export type { CommittedStage, JudgedStage, StalenessCheck } from './staleness-check.ts';
