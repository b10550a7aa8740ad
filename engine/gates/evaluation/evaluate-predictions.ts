import type { Disagreement, Evaluation, PredictionSource } from '../../../contract/index.ts';
import { numberMetrics } from '../../statistics/index.ts';
import type { Checks } from '../definition/read-checks.ts';
import { evaluateInThread } from './evaluate-in-thread.ts';
import { Unfit, type Evaluated, type EvaluationTask } from './evaluation-task.ts';
import type { HeldOut } from './held-out.ts';
import { joinedRows } from './joined-tables.ts';
import {
  isPredicted,
  readHeldOut,
  readPredictions,
  readSlices,
  type TableReading,
} from './read-predictions.ts';

/** Of a row that two models disagree about, so many columns are kept. */
const cellsAtMost = 30;

export interface ComparedPredictions {
  readonly candidate: PredictionSource;
  readonly champion: PredictionSource | null;
  /** Null where the predictions bring their labels with them. */
  readonly heldOut: HeldOut | null;
}

/** What came out, and the rows in which the two say something else. */
export interface EvaluatedPredictions {
  readonly evaluation: Evaluation;
  readonly disagreements: readonly Disagreement[];
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
      heldOut ?? { name: candidate.name, tables: [candidate] },
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
): Promise<EvaluatedPredictions | { why: string }> {
  try {
    const task = await readTask(tables, compared, checks, signal);
    const answer = await evaluateInThread(task, signal);
    if ('why' in answer) return answer;
    const { seed, confidence, method } = checks.evaluation;
    const { disagreements, ...measured } = answer.value;
    const evaluation = {
      ...measured,
      dataVersion: compared.heldOut?.dataVersion ?? null,
      candidate: sourceOf(compared.candidate),
      champion: compared.champion === null ? null : sourceOf(compared.champion),
      seed,
      confidence,
      method,
    };
    return {
      evaluation,
      disagreements: await withCells(tables, disagreements, { compared, task, checks }, signal),
    };
  } catch (error) {
    if (error instanceof Unfit) return { why: error.message };
    throw error;
  }
}

/** Beside each row its first columns, less what names it, what is true and what was predicted. */
async function withCells(
  tables: TableReading,
  rows: Evaluated['disagreements'],
  {
    compared: { candidate, heldOut },
    task,
    checks: { evaluation: settings },
  }: { compared: ComparedPredictions; task: EvaluationTask; checks: Pick<Checks, 'evaluation'> },
  signal: AbortSignal,
): Promise<Disagreement[]> {
  const found = await joinedRows(
    tables,
    heldOut?.tables ?? [candidate],
    (task.heldOut ?? task.candidate).rowCounts,
    rows.map(({ row }) => row - 1),
    signal,
  );
  const besides = new Set([settings.id ?? 'id', settings.label]);
  const shown = found.columns
    .map((column, at) => ({ column, at }))
    .filter(({ column }) => !besides.has(column) && !(heldOut === null && isPredicted(column)))
    .slice(0, cellsAtMost);
  return rows.map((row) => ({
    ...row,
    cells: shown.map(({ column, at }) => ({ column, value: found.rows.get(row.row - 1)?.[at] ?? null })),
  }));
}

const sourceOf = ({ objectId, name, madeBy, runId, at }: PredictionSource): PredictionSource => ({
  objectId,
  name,
  madeBy,
  runId,
  at,
});
