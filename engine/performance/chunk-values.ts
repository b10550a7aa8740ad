import { performanceMetric, type PerformanceChunk, type PerformanceMetric } from '../../contract/index.ts';
import { calibrated, calibratorOf } from './calibration/calibrator.ts';
import type { IsotonicCurve } from './calibration/isotonic-regression.ts';
import { isOfClass, lookedFor, rowsBetween, type ClassifiedRows } from './classified-rows.ts';
import { estimatedMetric } from './estimated-metric.ts';
import { realisedMetric } from './realised-metric.ts';
import { samplingErrorOf, type SamplingError } from './sampling-error.ts';

/** Standard deviations and standard errors, as NannyML has them. */
const wide = 3;
export const metrics = performanceMetric.options;

/** Labelled answers that chunks are held against: what calibrates their probabilities, and bounds their metrics. */
interface KnownAnswers {
  /** Of each class that is looked for. */
  readonly isCalibrated: readonly boolean[];
  readonly probabilitiesOf: (rows: ClassifiedRows) => Float64Array[];
  /** What its chunks of so many rows had. */
  readonly boundsOf: (chunkRows: number) => ReadonlyMap<PerformanceMetric, Bounds>;
}

export function knownAnswers(reference: ClassifiedRows): KnownAnswers {
  const curves = lookedFor(reference).map((of, at) =>
    calibratorOf(reference.scores[at] ?? new Float64Array(), isOfClass(reference.labels, of)),
  );
  const errors = new Map(metrics.map((metric) => [metric, samplingErrorOf(metric, reference)]));
  const known = new Map<number, ReadonlyMap<PerformanceMetric, Bounds>>();
  return {
    isCalibrated: curves.map((curve) => curve !== null),
    probabilitiesOf: (rows) => probabilitiesOf(rows, curves),
    boundsOf(chunkRows) {
      const found =
        known.get(chunkRows) ??
        new Map(
          [...errors].map(([metric, errorOf]) => [
            metric,
            { ...boundsOf(metric, reference, chunkRows), errorOf },
          ]),
        );
      known.set(chunkRows, found);
      return found;
    },
  };
}

export interface Bounds {
  readonly lower: number;
  readonly upper: number;
  readonly errorOf: SamplingError;
}

/** What the chunks of the reference had, three standard deviations to both sides of their mean, within 0 and 1. */
function boundsOf(
  metric: PerformanceMetric,
  reference: ClassifiedRows,
  chunkRows: number,
): Omit<Bounds, 'errorOf'> {
  const values = placesOfChunks(reference.rowCount, chunkRows)
    .map(([from, to]) => realisedMetric(metric, rowsBetween(reference, from, to)))
    .filter((value) => !Number.isNaN(value));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return {
    lower: Math.max(0, mean - wide * deviation),
    upper: Math.min(1, mean + wide * deviation),
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

/** From one row up to another, the last chunk may have fewer. */
export const placesOfChunks = (
  rowCount: number,
  chunkRows: number,
): (readonly [from: number, to: number])[] =>
  Array.from({ length: Math.ceil(rowCount / chunkRows) }, (_, at) => [
    at * chunkRows,
    Math.min(rowCount, (at + 1) * chunkRows),
  ]);

/** Labels of a chunk that may not all be in, and the rows as they were known when they fell due. */
export interface ChunkLabels {
  readonly told: NonNullable<PerformanceChunk['labels']>;
  readonly whenDue: ClassifiedRows;
}

export function valueOf(
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
export const told = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;
