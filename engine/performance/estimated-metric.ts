import { assertNever, type PerformanceMetric } from '../../contract/index.ts';
import { byScore } from './calibration/calibrator.ts';
import { lookedFor, type ClassifiedRows } from './classified-rows.ts';
import { meanOf } from './realised-metric.ts';

/**
 * A metric without labels (confidence-based performance estimation, as NannyML 0.13 has it): a row is right with the probability of what
 * it was told to be. Of several classes the mean over them.
 * @param probabilities of each class that is looked for, calibrated
 */
export function estimatedMetric(
  metric: PerformanceMetric,
  rows: ClassifiedRows,
  probabilities: readonly Float64Array[],
): number {
  if (rows.rowCount === 0) return Number.NaN;
  const looked = lookedFor(rows);
  if (metric === 'accuracy') return expectedAccuracy(rows, probabilities);
  return meanOf(
    looked.map((of, at) => {
      const own = probabilities[at] ?? new Float64Array();
      return metric === 'auc'
        ? expectedAuc(rows.scores[at] ?? own, own)
        : expectedScore(metric, rows.predictions, of, own);
    }),
  );
}

function expectedAccuracy(
  { predictions, rowCount, scores }: ClassifiedRows,
  probabilities: readonly Float64Array[],
): number {
  let right = 0;
  for (let row = 0; row < rowCount; row++) {
    const told = predictions[row] ?? 0;
    const first = probabilities[0]?.[row] ?? 0;
    right += scores.length > 1 ? (probabilities[told]?.[row] ?? 0) : told === 1 ? first : 1 - first;
  }
  return right / rowCount;
}

function expectedScore(
  metric: 'f1' | 'precision' | 'recall',
  predictions: Uint32Array,
  of: number,
  probabilities: Float64Array,
): number {
  let both = 0;
  let onlyTold = 0;
  let onlyTrue = 0;
  for (let row = 0; row < predictions.length; row++) {
    const probability = probabilities[row] ?? 0;
    if (predictions[row] === of) {
      both += probability;
      onlyTold += 1 - probability;
    } else onlyTrue += probability;
  }
  switch (metric) {
    case 'f1':
      return share(both, (onlyTold + onlyTrue) / 2);
    case 'precision':
      return share(both, onlyTold);
    case 'recall':
      return share(both, onlyTrue);
    default:
      return assertNever(metric);
  }
}

const share = (part: number, rest: number): number => (part + rest === 0 ? 0 : part / (part + rest));

/**
 * The area under the curve of expected shares, by trapezoids along the rows from the highest score down. The expected counts are rounded
 * to five digits, as NannyML does.
 */
function expectedAuc(scores: Float64Array, probabilities: Float64Array): number {
  const order = byScore(scores).reverse();
  let positives = 0;
  let area = 0;
  let [x, y] = [0, 0];
  for (const [at, row] of order.entries()) {
    positives += probabilities[row] ?? 0;
    const nextY = rounded(positives);
    const nextX = rounded(at + 1 - positives);
    area += ((nextX - x) * (y + nextY)) / 2;
    [x, y] = [nextX, nextY];
  }
  // Where all rows must be of one class there is nothing to tell apart.
  return x === 0 || y === 0 ? Number.NaN : area / (x * y);
}

/** To five digits, a half to the even neighbour. */
function rounded(value: number): number {
  const scaled = value * 1e5;
  const whole = Math.round(scaled);
  return (whole - scaled === 0.5 && whole % 2 !== 0 ? whole - 1 : whole) / 1e5;
}
