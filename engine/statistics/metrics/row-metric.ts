/** A metric over rows, made ready to be taken again over any choice of them. */
export interface RowMetric {
  readonly rowCount: number;
  /**
   * The metric over the rows, each counted as often as its weight says; all once for null. NaN where it has no value, as has the AUC of
   * one class.
   */
  over(weights: Uint32Array | null): number;
  /** The metric with one row left out, for each row: what the jackknife needs, without taking it n times over n rows. */
  leavingOut(): Float64Array;
}
