import type { PerformanceMetric } from '../../contract/index.ts';
import { accuracy, classScore, confusionMetric, rankMetric } from '../statistics/index.ts';
import { isOfClass, lookedFor, rowsAt, unknownLabel, type ClassifiedRows } from './classified-rows.ts';

/** A metric by the labels that are there; NaN where there are none, or where all rows are of one class. Of several classes their mean. */
export function realisedMetric(metric: PerformanceMetric, all: ClassifiedRows): number {
  const rows = labelled(all);
  if (rows.rowCount === 0) return Number.NaN;
  const { labels, predictions, classCount, scores } = rows;
  if (metric === 'accuracy') return confusionMetric(labels, predictions, classCount, accuracy).over(null);
  const looked = lookedFor(rows);
  if (metric === 'auc') {
    const present = new Set(labels);
    if (present.size < classCount) return Number.NaN;
    return meanOf(
      looked.map((of, at) => rankMetric(isOfClass(labels, of), scores[at] ?? new Float64Array()).over(null)),
    );
  }
  if (new Set(labels).size < 2 || new Set(predictions).size < 2) return Number.NaN;
  return meanOf(
    looked.map((of) => confusionMetric(labels, predictions, classCount, classScore(metric, of)).over(null)),
  );
}

/** The rows whose label is known. */
export function labelled(rows: ClassifiedRows): ClassifiedRows {
  const places = Uint32Array.from(rows.labels.keys()).filter((row) => rows.labels[row] !== unknownLabel);
  return places.length === rows.rowCount ? rows : rowsAt(rows, places);
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
