import {
  performanceMetric,
  type PerformanceChunk,
  type PerformanceMetric,
  type PerformanceReport,
} from '../../contract/index.ts';
import { calibrated, calibratorOf } from './calibration/calibrator.ts';
import type { IsotonicCurve } from './calibration/isotonic-regression.ts';
import { isOfClass, lookedFor, rowsBetween, unknownLabel, type ClassifiedRows } from './classified-rows.ts';
import { estimatedMetric } from './estimated-metric.ts';
import { realisedMetric } from './realised-metric.ts';
import { samplingErrorOf, type SamplingError } from './sampling-error.ts';

/** Standard deviations and standard errors, as NannyML has them. */
const wide = 3;
const metrics = performanceMetric.options;

/** The rows that count of one side. */
export interface PerformanceSide {
  readonly rows: ClassifiedRows;
  /** Places of those rows in their table, from 0. */
  readonly places: Uint32Array;
  /** When each was predicted, in milliseconds; null where nobody says so. */
  readonly predictedAt: Float64Array | null;
}

/** The rows of the current data with the labels that came later. */
interface LateLabelled {
  /** As they were known when they fell due. */
  readonly whenDue: Uint32Array;
  /** How long they take; null where nobody says so. */
  readonly maturityMs: number | null;
  readonly knownUpTo: number | null;
}

export type PerformanceFindings = Pick<PerformanceReport, 'verdict' | 'about' | 'metrics' | 'chunks'> & {
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
  const curves = lookedFor(reference.rows).map((of, at) =>
    calibratorOf(reference.rows.scores[at] ?? new Float64Array(), isOfClass(reference.rows.labels, of)),
  );
  const bounds = new Map(metrics.map((metric) => [metric, boundsOf(metric, reference.rows, chunkRows)]));
  const chunksOf = (side: 'reference' | 'current', of: PerformanceSide) => {
    const probabilities = probabilitiesOf(of.rows, curves);
    return placesOfChunks(of.rows.rowCount, chunkRows).map(([from, to]): PerformanceChunk => {
      const rows = rowsBetween(of.rows, from, to);
      const own = probabilities.map((each) => each.subarray(from, to));
      const times = of.predictedAt?.subarray(from, to) ?? null;
      const labels = side === 'current' && late !== null ? labelsOf(rows, from, times, late) : null;
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
    isCalibrated: curves.map((curve) => curve !== null),
    metrics: metrics.map((metric) => ({
      metric,
      ofReference: told(realisedMetric(metric, reference.rows)),
      lowerThreshold: told(bounds.get(metric)?.lower),
      upperThreshold: told(bounds.get(metric)?.upper),
    })),
    chunks,
    ...verdictOf(chunks, bounds),
  };
}

interface Bounds {
  readonly lower: number;
  readonly upper: number;
  readonly errorOf: SamplingError;
}

/** What the chunks of the reference had, three standard deviations to both sides of their mean, within 0 and 1. */
function boundsOf(metric: PerformanceMetric, reference: ClassifiedRows, chunkRows: number): Bounds {
  const values = placesOfChunks(reference.rowCount, chunkRows)
    .map(([from, to]) => realisedMetric(metric, rowsBetween(reference, from, to)))
    .filter((value) => !Number.isNaN(value));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return {
    lower: Math.max(0, mean - wide * deviation),
    upper: Math.min(1, mean + wide * deviation),
    errorOf: samplingErrorOf(metric, reference),
  };
}

/** Calibrated; of several classes they add up to 1 in each row. */
function probabilitiesOf(rows: ClassifiedRows, curves: readonly (IsotonicCurve | null)[]): Float64Array[] {
  const made = curves.map((curve, at) => calibrated(curve, rows.scores[at] ?? new Float64Array()));
  if (made.length === 1) return made;
  const sums = new Float64Array(rows.rowCount);
  for (const each of made) for (const [row, value] of each.entries()) sums[row] = (sums[row] ?? 0) + value;
  return made.map((each) =>
    each.map((value, row) => (sums[row] === 0 ? 1 / made.length : value / (sums[row] ?? 1))),
  );
}

const placesOfChunks = (rowCount: number, chunkRows: number): (readonly [from: number, to: number])[] =>
  Array.from({ length: Math.ceil(rowCount / chunkRows) }, (_, at) => [
    at * chunkRows,
    Math.min(rowCount, (at + 1) * chunkRows),
  ]);

interface ChunkLabels {
  readonly told: NonNullable<PerformanceChunk['labels']>;
  readonly whenDue: ClassifiedRows;
}

function labelsOf(
  rows: ClassifiedRows,
  from: number,
  times: Float64Array | null,
  { whenDue, maturityMs, knownUpTo }: LateLabelled,
): ChunkLabels {
  const labelledCount = rows.labels.reduce((sum, label) => sum + Number(label !== unknownLabel), 0);
  const before = whenDue.subarray(from, from + rows.rowCount);
  const last = extreme(times, Math.max);
  return {
    told: {
      labelledCount,
      coverage: labelledCount / rows.rowCount,
      // Where nobody says how long labels take, all rows must have theirs.
      isMature:
        maturityMs === null || last === null || knownUpTo === null
          ? labelledCount === rows.rowCount
          : last + maturityMs <= knownUpTo,
      restatedCount: rows.labels.reduce((sum, label, row) => sum + Number(label !== before[row]), 0),
    },
    whenDue: { ...rows, labels: before },
  };
}

function valueOf(
  metric: PerformanceMetric,
  rows: ClassifiedRows,
  probabilities: readonly Float64Array[],
  bounds: Bounds | undefined,
  labels: ChunkLabels | null,
): PerformanceChunk['values'][number] {
  const estimated = estimatedMetric(metric, rows, probabilities);
  const error = bounds?.errorOf(rows.rowCount) ?? Number.NaN;
  const realised = realisedMetric(metric, rows);
  const isOutside = (value: number) => bounds !== undefined && (value < bounds.lower || value > bounds.upper);
  const before =
    labels === null || !labels.told.isMature || labels.told.restatedCount === 0
      ? Number.NaN
      : realisedMetric(metric, labels.whenDue);
  return {
    metric,
    estimated: told(estimated),
    samplingError: told(error),
    low: told(Math.max(0, estimated - wide * error)),
    high: told(Math.min(1, estimated + wide * error)),
    isAlarm: isOutside(estimated),
    realised: told(realised),
    isRealisedAlarm: (labels === null || labels.told.isMature) && isOutside(realised),
    before: before === realised ? null : told(before),
  };
}

/** Null for what is no number. */
const told = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

function extreme(times: Float64Array | null, of: (a: number, b: number) => number): number | null {
  let found: number | null = null;
  for (const time of times ?? []) if (!Number.isNaN(time)) found = found === null ? time : of(found, time);
  return found;
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
