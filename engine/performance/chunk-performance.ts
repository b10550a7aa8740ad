import type { ChunkPerformance } from '../../contract/index.ts';
import { reliabilityOf } from './calibration/reliability.ts';
import { knownAnswers, metrics, told, valueOf } from './chunk-values.ts';
import type { ClassifiedRows } from './classified-rows.ts';
import { dueLabels, type Maturity } from './due-labels.ts';

/** Of a chunk whose labels came later. */
export interface LateChunk extends Maturity {
  /** Its labels as they were known when they fell due. */
  readonly whenDue: Uint32Array;
  /** When each of its answers was given, in milliseconds; null where nobody says so. */
  readonly predictedAt: Float64Array | null;
}

/** Parts of the reference that bounds are taken from, at least. */
const partsOfReference = 10;

/**
 * What the answers of single chunks are worth, each as it comes: estimated, and realised as far as its labels are known. Its bounds are
 * those of as many rows of the reference, or of a tenth of it where the chunk has more: these are wider than they need be.
 */
export function chunkPerformances(
  reference: ClassifiedRows,
): (chunk: ClassifiedRows, late: LateChunk | null) => ChunkPerformance {
  const known = knownAnswers(reference);
  const calibration = { reference: reliabilityOf(reference) };
  return (rows, late) => {
    // Parts of nearly the same size: a small rest would be no measure.
    const parts = Math.max(partsOfReference, Math.floor(reference.rowCount / Math.max(1, rows.rowCount)));
    const bounds = known.boundsOf(Math.max(1, Math.ceil(reference.rowCount / parts)));
    const probabilities = known.probabilitiesOf(rows);
    const labels = dueLabels(
      rows,
      late?.whenDue ?? rows.labels,
      late?.predictedAt ?? null,
      late ?? { maturityMs: null, knownUpTo: null },
    );
    return {
      rowCount: rows.rowCount,
      labels: labels.told,
      calibration: { ...calibration, current: reliabilityOf(rows) },
      values: metrics.map((metric) => {
        const value = valueOf(metric, rows, probabilities, bounds.get(metric), labels);
        const { lower, upper } = bounds.get(metric) ?? {};
        return { ...value, lowerThreshold: told(lower), upperThreshold: told(upper) };
      }),
    };
  };
}
