import type { ChunkPerformance } from '../../contract/index.ts';
import { knownAnswers, metrics, told, valueOf } from './chunk-values.ts';
import { unknownLabel, type ClassifiedRows } from './classified-rows.ts';

/** Parts of the reference that bounds are taken from, at least. */
const partsOfReference = 10;

/**
 * What the answers of single chunks are worth, each as it comes: estimated, and realised as far as its labels are known. Its bounds are
 * those of as many rows of the reference, or of a tenth of it where the chunk has more: these are wider than they need be.
 */
export function chunkPerformances(reference: ClassifiedRows): (chunk: ClassifiedRows) => ChunkPerformance {
  const known = knownAnswers(reference);
  return (rows) => {
    // Parts of nearly the same size: a small rest would be no measure.
    const parts = Math.max(partsOfReference, Math.floor(reference.rowCount / Math.max(1, rows.rowCount)));
    const bounds = known.boundsOf(Math.max(1, Math.ceil(reference.rowCount / parts)));
    const probabilities = known.probabilitiesOf(rows);
    const labelledCount = rows.labels.reduce((sum, label) => sum + Number(label !== unknownLabel), 0);
    const labels = {
      labelledCount,
      coverage: rows.rowCount === 0 ? 0 : labelledCount / rows.rowCount,
      isMature: rows.rowCount > 0 && labelledCount === rows.rowCount,
    };
    return {
      rowCount: rows.rowCount,
      labels,
      values: metrics.map((metric) => {
        const { before: _, ...value } = valueOf(metric, rows, probabilities, bounds.get(metric), {
          told: { ...labels, restatedCount: 0 },
          whenDue: rows,
        });
        const { lower, upper } = bounds.get(metric) ?? {};
        return { ...value, lowerThreshold: told(lower), upperThreshold: told(upper) };
      }),
    };
  };
}
