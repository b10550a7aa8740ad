export { dvcContent, type DvcContent } from './dvc-content.ts';
export { lockReasons, type LockedStage } from './lock-reasons.ts';
export { writeLockEntry } from './write-lock.ts';
