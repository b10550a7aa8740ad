export { categoryEvidence } from './category-evidence.ts';
export { driftReport, type ComparedColumn, type ComparedTables } from './drift-report.ts';
export type { SideCounts } from './column-evidence.ts';
export { numberEvidence } from './number-evidence.ts';
export { textEvidence } from './text-evidence.ts';
