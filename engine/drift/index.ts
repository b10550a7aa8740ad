export { categoryEvidence } from './category-evidence.ts';
export { driftReport, type ComparedColumn, type ComparedTables } from './drift-report.ts';
export type { SideCounts } from './column-evidence.ts';
export { peerDrift, peerReport, type PeerColumn, type PeerMode } from './peers/peer-report.ts';
export type { PeerSample } from './peers/peer-sample.ts';
export { numberEvidence } from './number-evidence.ts';
export { textEvidence } from './text-evidence.ts';
