import type { PerformanceChunk, PerformanceMetric, PerformanceReport } from '../../contract/index.ts';
import { reliabilityOf } from './calibration/reliability.ts';
import { knownAnswers, metrics, placesOfChunks, told, valueOf, type Bounds } from './chunk-values.ts';
import { rowsBetween, type ClassifiedRows } from './classified-rows.ts';
import { dueLabels, extreme, type Maturity } from './due-labels.ts';
import { realisedMetric } from './realised-metric.ts';

/** The rows that count of one side. */
export interface PerformanceSide {
  readonly rows: ClassifiedRows;
  /** Places of those rows in their table, from 0. */
  readonly places: Uint32Array;
  /** When each was predicted, in milliseconds; null where nobody says so. */
  readonly predictedAt: Float64Array | null;
}

/** The rows of the current data with the labels that came later. */
interface LateLabelled extends Maturity {
  /** As they were known when they fell due. */
  readonly whenDue: Uint32Array;
}

export type PerformanceFindings = Pick<
  PerformanceReport,
  'verdict' | 'about' | 'metrics' | 'chunks' | 'calibration'
> & {
  readonly isCalibrated: readonly boolean[];
};

/**
 * What a classifier's answers are worth, chunk by chunk: estimated from its probabilities once they are made honest on the reference
 * (CBPE), and realised where labels are known. The labels of the reference are those of its rows; of the current data there may be none.
 * @param chunkRows rows of a chunk, the last of a side may have fewer
 */
export function estimatePerformance(
  reference: PerformanceSide,
  current: PerformanceSide,
  chunkRows: number,
  late: LateLabelled | null,
): PerformanceFindings {
  const known = knownAnswers(reference.rows);
  const bounds = known.boundsOf(chunkRows);
  const chunksOf = (side: 'reference' | 'current', of: PerformanceSide) => {
    const probabilities = known.probabilitiesOf(of.rows);
    return placesOfChunks(of.rows.rowCount, chunkRows).map(([from, to]): PerformanceChunk => {
      const rows = rowsBetween(of.rows, from, to);
      const own = probabilities.map((each) => each.subarray(from, to));
      const times = of.predictedAt?.subarray(from, to) ?? null;
      const labels =
        side === 'current' && late !== null
          ? dueLabels(rows, late.whenDue.subarray(from, to), times, late)
          : null;
      return {
        side,
        from: of.places[from] ?? from,
        to: of.places[to - 1] ?? to - 1,
        startedAt: extreme(times, Math.min),
        endedAt: extreme(times, Math.max),
        rowCount: rows.rowCount,
        labels: labels?.told ?? null,
        values: metrics.map((metric) => valueOf(metric, rows, own, bounds.get(metric), labels)),
      };
    });
  };
  const chunks = [...chunksOf('reference', reference), ...chunksOf('current', current)];
  return {
    isCalibrated: known.isCalibrated,
    metrics: metrics.map((metric) => ({
      metric,
      ofReference: told(realisedMetric(metric, reference.rows)),
      lowerThreshold: told(bounds.get(metric)?.lower),
      upperThreshold: told(bounds.get(metric)?.upper),
    })),
    chunks,
    calibration: { reference: reliabilityOf(reference.rows), current: reliabilityOf(current.rows) },
    ...verdictOf(chunks, bounds),
  };
}

/** Realised values count before estimated ones where labels are in; `other` is a change for the better, or by one metric only up. */
function verdictOf(
  chunks: readonly PerformanceChunk[],
  bounds: ReadonlyMap<PerformanceMetric, Bounds>,
): Pick<PerformanceReport, 'verdict' | 'about'> {
  const current = chunks.filter(({ side }) => side === 'current');
  const found = current.map((chunk) => ({
    chunk,
    alarms: chunk.values.flatMap((value) => {
      const isByLabels = value.realised !== null && (chunk.labels?.isMature ?? true);
      const now = isByLabels ? value.realised : value.estimated;
      const bound = bounds.get(value.metric);
      if (now === null || bound === undefined || !(isByLabels ? value.isRealisedAlarm : value.isAlarm))
        return [];
      return [{ metric: value.metric, now, isByLabels, isBelow: now < bound.lower, bound }];
    }),
  }));
  const judged = current.filter(({ values }) => values.some(({ estimated }) => estimated !== null));
  if (judged.length === 0)
    return { verdict: 'not-enough-data', about: 'No chunk of the current data can be judged.' };
  const alarmed = found.filter(({ alarms }) => alarms.length > 0);
  const worst = alarmed
    .flatMap(({ alarms }) => alarms)
    .toSorted((a, b) => outside(b) - outside(a))
    .toSorted((a, b) => Number(b.isBelow) - Number(a.isBelow))[0];
  if (worst === undefined)
    return {
      verdict: 'as-before',
      about: `All ${judged.length} chunks lie within what the reference had.`,
    };
  const chunksWords = `${alarmed.length} of ${judged.length} chunks`;
  const side = worst.isBelow ? 'below' : 'above';
  const limit = (worst.isBelow ? worst.bound.lower : worst.bound.upper).toFixed(3);
  return {
    verdict: worst.isBelow ? 'worse' : 'other',
    about: `${chunksWords} lie outside of what the reference had; the furthest has ${worst.isByLabels ? '' : 'an estimated '}${worst.metric} ${worst.now.toFixed(3)}, ${side} ${limit}.`,
  };
}

const outside = ({ now, isBelow, bound }: { now: number; isBelow: boolean; bound: Bounds }): number =>
  isBelow ? bound.lower - now : now - bound.upper;
