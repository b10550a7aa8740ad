import { accuracy, classScore, confusionMetric } from './confusion-metric.ts';
import { rankMetric } from './rank-metric.ts';
import type { RowMetric } from './row-metric.ts';
import { sumMetric } from './sum-metric.ts';

/** What a classifier said of rows. Classes are numbers from 0. */
export interface ClassAnswers {
  readonly kind: 'classes';
  readonly classCount: number;
  readonly labels: Uint32Array;
  readonly predictions: Uint32Array;
  /** The class that is looked for, where there are two. */
  readonly positive: number | null;
  /** The probability of the positive class; null where none was told. */
  readonly scores: Float64Array | null;
  /** The probability of each row's true class; null where none was told. */
  readonly ofTrueClass: Float64Array | null;
}

/** What a regression said of rows. */
export interface NumberAnswers {
  readonly kind: 'numbers';
  readonly labels: Float64Array;
  readonly predictions: Float64Array;
}
export type Answers = ClassAnswers | NumberAnswers;

const classMetrics = ['accuracy', 'precision', 'recall', 'f1', 'auc', 'log_loss', 'brier'] as const;
export const numberMetrics = ['rmse', 'mae', 'r2'] as const;
export const qualityMetrics = [...classMetrics, ...numberMetrics] as const;
export type QualityMetric = (typeof qualityMetrics)[number];

/** Which metrics get better as they get smaller. */
export const isLowerBetter = (name: QualityMetric): boolean =>
  name === 'log_loss' || name === 'brier' || name === 'rmse' || name === 'mae';

/**
 * A metric of scikit-learn's kind over rows, or in words why it cannot be had of them. Precision, recall and F1 are of the positive
 * class where there is one, else the mean over the classes (`macro`).
 */
export function qualityMetric(name: QualityMetric, answers: Answers): RowMetric | { why: string } {
  if (answers.kind === 'numbers') return numberMetric(name, answers);
  const { labels, predictions, classCount, positive, scores, ofTrueClass } = answers;
  switch (name) {
    case 'accuracy':
      return confusionMetric(labels, predictions, classCount, accuracy);
    case 'precision':
    case 'recall':
    case 'f1':
      return confusionMetric(labels, predictions, classCount, classScore(name, positive));
    case 'log_loss':
      if (ofTrueClass === null) return { why: 'log_loss needs probabilities beside the predictions' };
      return sumMetric(ofTrueClass.map(surprise), 1, mean);
    case 'auc':
    case 'brier': {
      if (positive === null) return { why: `${name} is for two classes, and there are ${classCount}` };
      if (scores === null) return { why: `${name} needs scores beside the predictions` };
      const isPositive = Uint8Array.from(labels, (label) => Number(label === positive));
      if (name === 'auc') return rankMetric(isPositive, scores);
      return sumMetric(
        scores.map((score, row) => (score - (isPositive[row] ?? 0)) ** 2),
        1,
        mean,
      );
    }
    default:
      return { why: `${name} is for numbers, and these are classes` };
  }
}

function numberMetric(
  name: QualityMetric,
  { labels, predictions }: NumberAnswers,
): RowMetric | { why: string } {
  const off = (row: number) => (predictions[row] ?? 0) - (labels[row] ?? 0);
  switch (name) {
    case 'mae':
      return sumMetric(
        labels.map((_, row) => Math.abs(off(row))),
        1,
        mean,
      );
    case 'rmse':
      return sumMetric(
        labels.map((_, row) => off(row) ** 2),
        1,
        (sums, count) => Math.sqrt(mean(sums, count)),
      );
    case 'r2': {
      // Around their mean, so that the squares of large labels do not swallow what they vary by.
      const middle = labels.reduce((sum, label) => sum + label, 0) / labels.length;
      const terms = new Float64Array(labels.length * 3);
      for (const [row, label] of labels.entries())
        terms.set([off(row) ** 2, label - middle, (label - middle) ** 2], row * 3);
      return sumMetric(terms, 3, ([errors = 0, sum = 0, squares = 0], count) => {
        const spread = squares - sum ** 2 / count;
        return spread > 0 ? 1 - errors / spread : Number.NaN;
      });
    }
    default:
      return { why: `${name} is for classes, and these are numbers` };
  }
}

const mean = ([sum = 0]: Float64Array, count: number): number => sum / count;

/** A probability of 0 costs as much as the smallest that a double tells from it, as scikit-learn has it. */
const surprise = (probability: number): number =>
  -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability)));
