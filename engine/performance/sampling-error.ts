import type { PerformanceMetric } from '../../contract/index.ts';
import { byScore } from './calibration/calibrator.ts';
import { isOfClass, lookedFor, type ClassifiedRows } from './classified-rows.ts';
import { labelled } from './realised-metric.ts';

/** By how much a metric of so many rows varies from sample to sample, its standard error. */
export type SamplingError = (rowCount: number) => number;

/** Experiments of NannyML's authors had the error of the mean AUC of several classes a fifth larger than the sum of variances says. */
const aucOfSeveral = 1.2;

/**
 * The standard error of a metric from the spread of each row's part in it on the reference (NannyML 0.13: the rule of the sum of
 * variances, and for AUC the share of rows of the other class that a row stands above).
 */
export function samplingErrorOf(metric: PerformanceMetric, all: ClassifiedRows): SamplingError {
  const rows = labelled(all);
  if (metric === 'accuracy') {
    const right = rows.labels.reduce((sum, label, row) => sum + Number(label === rows.predictions[row]), 0);
    const spread = Math.sqrt(varianceOfShare(right, rows.rowCount));
    return (rowCount) => spread / Math.sqrt(rowCount);
  }
  const isOfTwo = rows.scores.length === 1;
  const parts = lookedFor(rows).map((of, at) =>
    metric === 'auc'
      ? partOfAuc(rows.scores[at] ?? new Float64Array(), isOfClass(rows.labels, of))
      : partOfScore(metric, rows, of, isOfTwo),
  );
  const factor = metric === 'auc' && !isOfTwo ? aucOfSeveral : 1;
  return (rowCount) =>
    (factor * Math.sqrt(parts.reduce((sum, { variance, share }) => sum + variance / (rowCount * share), 0))) /
    parts.length;
}

/** How what counts varies from row to row, and the share of rows that count. */
interface Part {
  readonly variance: number;
  readonly share: number;
}

const varianceOfShare = (hits: number, of: number): number => (hits / of) * (1 - hits / of);

function partOfScore(
  metric: 'f1' | 'precision' | 'recall',
  { labels, predictions, rowCount }: ClassifiedRows,
  of: number,
  isOfTwo: boolean,
): Part {
  let both = 0;
  let isTrue = 0;
  let isTold = 0;
  for (let row = 0; row < rowCount; row++) {
    const [label, told] = [labels[row] === of, predictions[row] === of];
    isTrue += Number(label);
    isTold += Number(told);
    both += Number(label && told);
  }
  const relevant = { f1: isTrue + isTold - both, precision: isTold, recall: isTrue }[metric];
  const variance = varianceOfShare(both, relevant);
  // F1 counts a miss by half; NannyML takes that in with two classes only.
  const weight = metric === 'f1' && isOfTwo ? relevant / ((isTrue + isTold) / 2) : 1;
  return { variance: variance * weight ** 2, share: relevant / rowCount };
}

/** Of the rarer class, each row's share of the others that it stands above. */
function partOfAuc(scores: Float64Array, isPositive: Uint8Array): Part {
  const positives = isPositive.reduce((sum, each) => sum + each, 0);
  const isCommon = positives > isPositive.length / 2;
  const count = isCommon ? isPositive.length - positives : positives;
  const order = byScore(isCommon ? scores.map((score) => 1 - score) : scores);
  let sum = 0;
  let squares = 0;
  let counted = 0;
  for (const [rank, row] of order.entries()) {
    // NannyML takes the lowest rank of all for a row of the other class, and leaves such a row out.
    if ((isPositive[row] === 1) === isCommon || rank === 0) continue;
    const share = (rank - counted) / (isPositive.length - count);
    counted++;
    sum += share;
    squares += share * share;
  }
  const mean = sum / counted;
  return { variance: squares / counted - mean ** 2, share: count / isPositive.length };
}
