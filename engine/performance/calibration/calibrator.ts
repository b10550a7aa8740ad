import { rankMetric } from '../../statistics/index.ts';
import { heightAt, isotonicCurve, type IsotonicCurve } from './isotonic-regression.ts';
import { stratifiedSplits } from './stratified-splits.ts';

/** As NannyML 0.13 tries it: ten times, on a tenth of the rows, with ten parts of equal size to look at. */
const splits = 10;
const parts = 10;
const seed = 42;
/** Scores that tell the classes apart so well are left alone. */
const perfectAuc = 0.999;

/**
 * What makes scores of one class probabilities: a rising curve through the reference, where scores it has not seen come out closer to
 * the shares that were true (by the expected calibration error) than they were. Null where they do not, or where that cannot be tried.
 * @param labels 1 for rows of the class, 0 for others
 */
export function calibratorOf(scores: Float64Array, labels: Uint8Array): IsotonicCurve | null {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === labels.length) return null;
  if (rankMetric(labels, scores).over(null) > perfectAuc) return null;
  const order = byScore(scores);
  return doesCalibrate(scores, labels, order) ? isotonicCurve(order, scores, labels) : null;
}

/** Scores as probabilities; as they are without a calibrator. */
export const calibrated = (curve: IsotonicCurve | null, scores: Float64Array): Float64Array =>
  curve === null ? scores : scores.map((score) => heightAt(curve, score));

function doesCalibrate(scores: Float64Array, labels: Uint8Array, order: Uint32Array): boolean {
  const tried: { raw: number; made: number; label: number }[] = [];
  for (const { train, test } of stratifiedSplits(labels, 2, splits, seed)) {
    const isTrain = new Uint8Array(labels.length);
    for (const row of train) isTrain[row] = 1;
    const curve = isotonicCurve(
      order.filter((row) => isTrain[row] === 1),
      scores,
      labels,
    );
    for (const row of test) {
      const raw = scores[row] ?? 0;
      tried.push({ raw, made: heightAt(curve, raw), label: labels[row] ?? 0 });
    }
  }
  if (tried.length < 4) return false;
  const errorOf = (of: (each: (typeof tried)[number]) => number) =>
    calibrationError(
      Float64Array.from(tried, of),
      Uint8Array.from(tried, ({ label }) => label),
    );
  return errorOf(({ raw }) => raw) > errorOf(({ made }) => made);
}

/** The mean distance, over parts of the rows in the order of their scores, of their mean score and the share that was true. */
export function calibrationError(scores: Float64Array, labels: Uint8Array): number {
  const order = byScore(scores);
  const count = order.length <= 2 * parts ? Math.floor(order.length / 2) : parts;
  const width = Math.floor(order.length / count);
  let error = 0;
  for (let from = 0; from + width <= order.length; from += width) {
    // What is left over goes to the last part, also where that is more than another one would hold.
    const to = from + 2 * width > order.length ? order.length : from + width;
    let sum = 0;
    for (const row of order.subarray(from, to)) sum += (scores[row] ?? 0) - (labels[row] ?? 0);
    error += Math.abs(sum) / order.length;
  }
  return error;
}

/** The places of rows by ascending score, equal ones as they lie. */
export const byScore = (scores: Float64Array): Uint32Array =>
  Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
