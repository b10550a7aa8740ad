import type { Evaluation, PredictionSource } from '../../../contract/index.ts';
import { numberMetrics } from '../../statistics/index.ts';
import type { Checks } from '../definition/read-checks.ts';
import { evaluateInThread } from './evaluate-in-thread.ts';
import { Unfit, type EvaluationTask } from './evaluation-task.ts';
import {
  readHeldOut,
  readPredictions,
  readSlices,
  type Table,
  type TableReading,
} from './read-predictions.ts';

export interface ComparedPredictions {
  readonly candidate: PredictionSource;
  readonly champion: PredictionSource | null;
  /** The held-out rows, as a table of a data version; null where the predictions bring their labels with them. */
  readonly heldOut: (Table & { readonly dataVersion: string }) | null;
}

/** Reads what two models said of the same rows. @throws {Unfit}, {BenchtopError} where that cannot be read. */
export async function readTask(
  tables: TableReading,
  { candidate, champion, heldOut }: ComparedPredictions,
  { evaluation: settings, slices }: Pick<Checks, 'evaluation' | 'slices'>,
  signal: AbortSignal,
): Promise<EvaluationTask> {
  const { metric, also, positive, ...bootstrap } = settings;
  const asNumbers = numberMetrics.some((each) => each === metric);
  const read = (source: PredictionSource, whose: string) =>
    readPredictions(tables, source, { whose, settings, asNumbers }, signal);
  return {
    metric,
    also,
    positive,
    bootstrap,
    candidate: await read(candidate, 'the candidate'),
    champion: champion === null ? null : await read(champion, 'the champion'),
    heldOut: heldOut === null ? null : await readHeldOut(tables, heldOut, { settings, asNumbers }, signal),
    slices: await readSlices(
      tables,
      heldOut ?? candidate,
      { columns: slices.columns, besides: [settings.id, settings.label] },
      signal,
    ),
    minRows: slices.minRows,
  };
}

/** Measures what was said, in a thread of its own; or in words why the rows do not allow it. */
export async function evaluatePredictions(
  tables: TableReading,
  compared: ComparedPredictions,
  checks: Pick<Checks, 'evaluation' | 'slices'>,
  signal: AbortSignal,
): Promise<Evaluation | { why: string }> {
  try {
    const task = await readTask(tables, compared, checks, signal);
    const answer = await evaluateInThread(task, signal);
    if ('why' in answer) return answer;
    const { seed, confidence, method } = checks.evaluation;
    return {
      ...answer.value,
      dataVersion: compared.heldOut?.dataVersion ?? null,
      candidate: sourceOf(compared.candidate),
      champion: compared.champion === null ? null : sourceOf(compared.champion),
      seed,
      confidence,
      method,
    };
  } catch (error) {
    if (error instanceof Unfit) return { why: error.message };
    throw error;
  }
}

const sourceOf = ({ objectId, name, madeBy, runId, at }: PredictionSource): PredictionSource => ({
  objectId,
  name,
  madeBy,
  runId,
  at,
});
