import type { Disagreement, Evaluation, MetricDelta, SliceResult } from '../../../contract/index.ts';
import type { ColumnValues } from '../../data/index.ts';
import type { BootstrapSettings, QualityMetric } from '../../statistics/index.ts';

export type Words = Extract<ColumnValues, { as: 'words' }>;

/** The held-out rows themselves. */
export interface HeldOutRows {
  readonly rowCount: number;
  /** Of each table that they come from. */
  readonly rowCounts: readonly number[];
  /** Null: the place of a row is its name. */
  readonly ids: Words | null;
  readonly labels: ColumnValues | null;
}

/** What one model said of rows, as its file of predictions has it. */
export interface PredictedRows extends HeldOutRows {
  /** In words for messages: `the candidate`. */
  readonly whose: string;
  readonly predictions: ColumnValues;
  /** Of the positive class. */
  readonly scores: Float64Array | null;
  readonly classScores: readonly { readonly className: string; readonly values: Float64Array }[];
}

/** What a thread of its own is given to evaluate a model on held-out rows, beside another or alone. */
export interface EvaluationTask {
  readonly metric: QualityMetric | null;
  readonly also: readonly QualityMetric[];
  readonly positive: string | null;
  readonly bootstrap: BootstrapSettings;
  readonly candidate: PredictedRows;
  readonly champion: PredictedRows | null;
  /** Null: the rows of the candidate's predictions. */
  readonly heldOut: HeldOutRows | null;
  /** Columns of the held-out rows, or else of the candidate's predictions, whose values are parts of the rows. */
  readonly slices: readonly { readonly column: string; readonly values: Words }[];
  readonly minRows: number;
}

export interface Evaluated {
  readonly metric: QualityMetric;
  readonly metrics: MetricDelta[];
  readonly unavailable: { name: string; why: string }[];
  readonly slices: SliceResult[];
  readonly rowCount: number;
  readonly disagreementCount: number | null;
  readonly closer: Evaluation['closer'];
  readonly positive: string | null;
  /** The first of them, without their cells. */
  readonly disagreements: readonly Omit<Disagreement, 'cells'>[];
}

/** Rows that cannot be evaluated, in words. */
export class Unfit extends Error {}
