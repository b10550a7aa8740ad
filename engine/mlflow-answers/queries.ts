import type Database from 'better-sqlite3';
import type { Cursor } from '../store/index.ts';
import { runQuery, type RunSearch } from '../tracking/index.ts';
import { runJson } from './answers.ts';

/** The answers that are made in a reader thread, as text: a page of objects would take longer to hand over than to find. */
export const queries = { 'mlflow.runPage': runPage };

/** One page of runs, each as JSON; behind them a comma apart. */
function runPage(db: Database.Database, search: RunSearch): { runs: string; next: Cursor | null } {
  const { runs, next } = runQuery(db, search);
  // As in MLflow, a search names no models that a run read.
  return { runs: runs.map((run) => JSON.stringify(runJson({ ...run, modelInputs: [] }))).join(), next };
}
