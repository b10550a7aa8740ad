import { batchOf, type ModelMetric, type PointBatch } from '../tracking/index.ts';
import { double, folded, int64, message, string, type Read, type Type } from './message.ts';
import { invalid } from './mlflow-error.ts';
import { checkMetric } from './names.ts';

/** The fields of one metric in a request. */
export const metricFields = {
  key: string,
  value: double,
  timestamp: int64,
  step: int64,
  model_id: string,
  dataset_name: string,
  dataset_digest: string,
};

/** Metrics of a request as columns: a request may hold a thousand, and no object is made of any. */
export interface MetricColumns {
  readonly keys: string[];
  readonly steps: number[];
  readonly times: number[];
  readonly values: number[];
  /** Those that also belong to a logged model. */
  readonly ofModels: Omit<ModelMetric & { modelId: string }, 'runId'>[];
}

export const noMetrics = (): MetricColumns => ({ keys: [], steps: [], times: [], values: [], ofModels: [] });
const anyMetric = message(metricFields);

/** The metrics of a batch. */
export const metricList: Type<MetricColumns> = folded(noMetrics, (columns, json) => {
  if (!addPlain(columns, json)) addMetric(columns, anyMetric.read(json));
});

/** A metric as the Python client writes it: four fields of their own types. False for any other. */
function addPlain(columns: MetricColumns, json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false;
  let fields = 0;
  for (const _name in json) fields++;
  if (fields !== 4) return false;
  const { key, value, timestamp, step } = json as Record<string, unknown>;
  if (
    typeof key !== 'string' ||
    typeof value !== 'number' ||
    !Number.isSafeInteger(timestamp) ||
    !Number.isSafeInteger(step)
  )
    return false;
  columns.keys.push(key);
  columns.steps.push(step as number);
  columns.times.push(timestamp as number);
  columns.values.push(value);
  return true;
}

function addMetric(columns: MetricColumns, metric: Read<typeof metricFields>): void {
  const { key = '', value = 0, timestamp: timeMs = 0, step = 0, model_id: modelId = '' } = metric;
  const [datasetName, datasetDigest] = [orNull(metric.dataset_name), orNull(metric.dataset_digest)];
  if ((datasetName === null) !== (datasetDigest === null))
    throw invalid('Both dataset_name and dataset_digest must be provided if one is provided');
  columns.keys.push(key);
  columns.steps.push(step);
  columns.times.push(timeMs);
  columns.values.push(value);
  if (modelId === '') return;
  columns.ofModels.push({ modelId, key, value, timeMs, step, datasetName, datasetDigest });
}

const orNull = (text = '') => (text === '' ? null : text);

/** One metric of a request of its own. */
export function columnsOf(metric: Read<typeof metricFields>): MetricColumns {
  const columns = noMetrics();
  addMetric(columns, metric);
  return columns;
}

/** Keys that are good; a program has few, and sends them again and again. */
const goodKeys = new Set<string>();
const maxGoodKeys = 10_000;

/** Refuses metrics that MLflow refuses, in its words. @throws {MlflowError} */
export function checkMetrics(
  { keys, times, values }: MetricColumns,
  pathOf: (index: number) => string,
): void {
  for (let index = 0; index < keys.length; index++) {
    const [key, timeMs] = [keys[index] ?? '', times[index] ?? 0];
    if (timeMs >= 0 && goodKeys.has(key)) continue;
    checkMetric({ key, timeMs, value: values[index] ?? 0 }, pathOf(index));
    if (goodKeys.size >= maxGoodKeys) goodKeys.clear();
    goodKeys.add(key);
  }
}

export const batchOfMetrics = ({ keys, steps, times, values }: MetricColumns): PointBatch =>
  batchOf(keys, steps, times, values);
