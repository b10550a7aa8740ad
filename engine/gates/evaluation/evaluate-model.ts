import type { Estimate, MetricDelta, SliceResult } from '../../../contract/index.ts';
import {
  bootstrapInterval,
  isLowerBetter,
  pairedDifference,
  qualityMetric,
  type Answers,
  type BootstrapSettings,
  type QualityMetric,
  type Resampled,
  type RowMetric,
} from '../../statistics/index.ts';
import { answersOf } from './answers-of.ts';
import { closerOf, disagreeingRows, disagreementsOf } from './disagreements.ts';
import type { Evaluated, EvaluationTask } from './evaluation-task.ts';

/** Values of one column that are told; of more the ones with the most rows. */
const valuesAtMost = 40;

/**
 * Measures a model on held-out rows, alone and against another on the very same rows. @throws {Unfit} where the rows do not allow it.
 */
export function evaluateModel(task: EvaluationTask): Evaluated {
  const matched = answersOf(task);
  const { candidate, champion, metric, rowCount, positive, candidateRows } = matched;
  const metrics: MetricDelta[] = [];
  const unavailable: Evaluated['unavailable'] = [];
  for (const name of new Set([metric, ...task.also, ...companions(candidate)])) {
    const own = qualityMetric(name, candidate);
    const other = champion === null ? null : qualityMetric(name, champion);
    if ('why' in own) unavailable.push({ name, why: own.why });
    else if (other !== null && 'why' in other)
      unavailable.push({ name, why: `of the champion: ${other.why}` });
    else {
      const delta = deltaOf(name, own, other, task.bootstrap);
      if (hasValues(delta)) metrics.push(delta);
      else unavailable.push({ name, why: 'these rows give it no value: there is one class, or one label' });
    }
  }
  const apart = champion === null ? null : disagreeingRows(candidate, champion);
  return {
    metric,
    metrics,
    // What nobody asked for is not missed.
    unavailable: unavailable.filter(({ name }) => name === metric || task.also.some((each) => each === name)),
    slices: task.slices.flatMap(({ column, values }) => {
      // Columns come from the held-out rows, or else lie beside the candidate's predictions.
      const rowOf = task.heldOut === null ? (row: number) => candidateRows[row] ?? 0 : (row: number) => row;
      return slicesOf(column, values, rowCount, rowOf, (rows) =>
        sliceOf(metric, rows, { candidate, champion }, task),
      );
    }),
    rowCount,
    disagreementCount: apart?.length ?? null,
    closer: champion === null || apart === null ? null : closerOf(candidate, champion, apart),
    positive,
    disagreements: champion === null || apart === null ? [] : disagreementsOf(matched, champion, apart),
  };
}

const hasValues = ({ candidate, champion, gain }: MetricDelta): boolean =>
  [candidate, champion, gain].every((each) => each === null || areNumbers(each));

const areNumbers = ({ value, low, high }: Estimate): boolean => [value, low, high].every(Number.isFinite);

/** What is told beside the metric that decides, where it can be. */
const companions = ({ kind }: Answers): readonly QualityMetric[] =>
  kind === 'numbers' ? ['rmse', 'mae', 'r2'] : ['accuracy', 'f1', 'auc', 'log_loss'];

function deltaOf(
  name: QualityMetric,
  candidate: RowMetric,
  champion: RowMetric | null,
  settings: BootstrapSettings,
): MetricDelta {
  const lower = isLowerBetter(name);
  const gain =
    champion === null ? null : bootstrapInterval(pairedDifference(champion, candidate, lower), settings);
  return {
    name,
    isLowerBetter: lower,
    candidate: estimateOf(candidate, settings),
    champion: champion === null ? null : estimateOf(champion, settings),
    gain,
  };
}

function estimateOf(metric: Resampled, settings: BootstrapSettings): Estimate {
  const { value, low, high } = bootstrapInterval(metric, settings);
  return { value, low, high };
}

/** The rows of each value of a column, the largest first. */
function slicesOf(
  column: string,
  { words, codes }: EvaluationTask['slices'][number]['values'],
  rowCount: number,
  rowOf: (row: number) => number,
  measure: (rows: Uint32Array) => Pick<SliceResult, 'candidate' | 'champion' | 'gain'>,
): SliceResult[] {
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < rowCount; row++) {
    const code = codes[rowOf(row)] ?? 0;
    const rows = rowsOf.get(code);
    if (rows === undefined) rowsOf.set(code, [row]);
    else rows.push(row);
  }
  return [...rowsOf]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, valuesAtMost)
    .map(([code, rows]) => ({
      column,
      value: words[code] ?? '',
      rowCount: rows.length,
      ...measure(Uint32Array.from(rows)),
    }));
}

function sliceOf(
  name: QualityMetric,
  rows: Uint32Array,
  { candidate, champion }: { candidate: Answers; champion: Answers | null },
  { minRows, bootstrap }: EvaluationTask,
): Pick<SliceResult, 'candidate' | 'champion' | 'gain'> {
  if (rows.length < minRows) return { candidate: null, champion: null, gain: null };
  const metricOf = (answers: Answers | null): RowMetric | null => {
    const metric = answers === null ? null : qualityMetric(name, ofRows(answers, rows));
    return metric === null || 'why' in metric ? null : metric;
  };
  const [own, other] = [metricOf(candidate), metricOf(champion)];
  const measured = (metric: Resampled | null): Estimate | null => {
    if (metric === null) return null;
    const found = estimateOf(metric, bootstrap);
    // One class alone has no AUC.
    return areNumbers(found) ? found : null;
  };
  return {
    candidate: measured(own),
    champion: measured(other),
    gain: own === null || other === null ? null : measured(pairedDifference(other, own, isLowerBetter(name))),
  };
}

function ofRows(answers: Answers, rows: Uint32Array): Answers {
  const floats = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] ?? Number.NaN);
  const codes = (values: Uint32Array) => Uint32Array.from(rows, (row) => values[row] ?? 0);
  if (answers.kind === 'numbers')
    return { kind: 'numbers', labels: floats(answers.labels), predictions: floats(answers.predictions) };
  return {
    ...answers,
    labels: codes(answers.labels),
    predictions: codes(answers.predictions),
    scores: answers.scores === null ? null : floats(answers.scores),
    ofTrueClass: answers.ofTrueClass === null ? null : floats(answers.ofTrueClass),
  };
}
