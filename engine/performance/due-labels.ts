import type { ChunkLabels } from './chunk-values.ts';
import { unknownLabel, type ClassifiedRows } from './classified-rows.ts';

/** What tells when the labels of a chunk are in. */
export interface Maturity {
  /** How long they take; null where nobody says so. */
  readonly maturityMs: number | null;
  /** The latest time that a label was known at. */
  readonly knownUpTo: number | null;
}

/**
 * The labels of a chunk, and whether they are in: its last answer is older than labels take, or, where nobody says how long that is, every
 * row has its own.
 * @param whenDue as they were known when they fell due
 * @param times of its answers, in milliseconds; null where nobody says so
 */
export function dueLabels(
  rows: ClassifiedRows,
  whenDue: Uint32Array,
  times: Float64Array | null,
  { maturityMs, knownUpTo }: Maturity,
): ChunkLabels {
  const labelledCount = rows.labels.reduce((sum, label) => sum + Number(label !== unknownLabel), 0);
  const last = extreme(times, Math.max);
  return {
    told: {
      labelledCount,
      coverage: rows.rowCount === 0 ? 0 : labelledCount / rows.rowCount,
      isMature:
        maturityMs === null || last === null || knownUpTo === null
          ? rows.rowCount > 0 && labelledCount === rows.rowCount
          : last + maturityMs <= knownUpTo,
      restatedCount: rows.labels.reduce((sum, label, row) => sum + Number(label !== whenDue[row]), 0),
    },
    whenDue: { ...rows, labels: whenDue },
  };
}

/** The earliest or the latest of times; null where there are none. */
export function extreme(times: Float64Array | null, of: (a: number, b: number) => number): number | null {
  let found: number | null = null;
  for (const time of times ?? []) if (!Number.isNaN(time)) found = found === null ? time : of(found, time);
  return found;
}
