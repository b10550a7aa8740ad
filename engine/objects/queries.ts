import { chunkDelta } from './chunk-delta.ts';
import { storageSums } from './usage.ts';

/** Heavy reads of this room, for reader threads. */
export const queries = { chunkDelta, storageSums };
