import type { ChunkPerformance } from './performance.ts';

/** How many of a chunk's answers have their label: "40 %, not yet due", "98 %, 3 restated". */
export const labelsText = ({ coverage, isMature, restatedCount }: ChunkPerformance['labels']): string =>
  [
    `${Math.floor(coverage * 100)} %`,
    ...(isMature ? [] : ['not yet due']),
    ...(restatedCount === 0 ? [] : [`${restatedCount.toLocaleString('en-US')} restated`]),
  ].join(', ');
