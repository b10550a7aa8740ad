import type { RowMetric } from './row-metric.ts';

/** How often each class was taken for each: the rows of true class t and predicted class p stand at `t * classCount + p`. */
export type Confusion = Float64Array;

/**
 * A metric that is a function of the confusion matrix.
 * @param labels the true class of each row, from 0.
 * @param predictions the predicted class of each row.
 */
export function confusionMetric(
  labels: Uint32Array,
  predictions: Uint32Array,
  classCount: number,
  finish: (confusion: Confusion, classCount: number) => number,
): RowMetric {
  const rowCount = labels.length;
  const cellOf = (row: number) => (labels[row] ?? 0) * classCount + (predictions[row] ?? 0);

  function confusionOver(weights: Uint32Array | null): Confusion {
    const confusion = new Float64Array(classCount * classCount);
    for (let row = 0; row < rowCount; row++) {
      const cell = cellOf(row);
      confusion[cell] = (confusion[cell] ?? 0) + (weights === null ? 1 : (weights[row] ?? 0));
    }
    return confusion;
  }

  return {
    rowCount,
    over: (weights) => finish(confusionOver(weights), classCount),
    leavingOut() {
      const confusion = confusionOver(null);
      // All rows of one cell are alike to it.
      const known = new Map<number, number>();
      return Float64Array.from({ length: rowCount }, (_, row) => {
        const cell = cellOf(row);
        let value = known.get(cell);
        if (value === undefined) {
          confusion[cell] = (confusion[cell] ?? 0) - 1;
          value = finish(confusion, classCount);
          confusion[cell] = (confusion[cell] ?? 0) + 1;
          known.set(cell, value);
        }
        return value;
      });
    },
  };
}

/** The share of rows whose class was told right. */
export function accuracy(confusion: Confusion, classCount: number): number {
  let right = 0;
  let all = 0;
  for (let at = 0; at < confusion.length; at++) {
    const count = confusion[at] ?? 0;
    all += count;
    if (at % (classCount + 1) === 0) right += count;
  }
  return right / all;
}

/** Counts of one class: told and true, true, told. */
function countsOf(confusion: Confusion, classCount: number, of: number) {
  let isTrue = 0;
  let isTold = 0;
  for (let other = 0; other < classCount; other++) {
    isTrue += confusion[of * classCount + other] ?? 0;
    isTold += confusion[other * classCount + of] ?? 0;
  }
  return { both: confusion[of * classCount + of] ?? 0, isTrue, isTold };
}

const scores = {
  precision: ({ both, isTold }: ReturnType<typeof countsOf>) => both / isTold,
  recall: ({ both, isTrue }: ReturnType<typeof countsOf>) => both / isTrue,
  f1: ({ both, isTrue, isTold }: ReturnType<typeof countsOf>) => (2 * both) / (isTrue + isTold),
};

/**
 * Precision, recall or F1 of one class; without one the mean over the classes that are there, told or true (scikit-learn's `macro`).
 * What divides by zero counts as 0, as scikit-learn has it.
 */
export function classScore(name: keyof typeof scores, of: number | null) {
  return (confusion: Confusion, classCount: number): number => {
    if (of !== null) return scores[name](countsOf(confusion, classCount, of)) || 0;
    let sum = 0;
    let present = 0;
    for (let one = 0; one < classCount; one++) {
      const counts = countsOf(confusion, classCount, one);
      if (counts.isTrue + counts.isTold === 0) continue;
      present++;
      sum += scores[name](counts) || 0;
    }
    return sum / present;
  };
}
