import type Database from 'better-sqlite3';
import type { Cursor } from '../store/index.ts';
import { runQuery, type RunSearch, type WrittenRun } from '../tracking/index.ts';
import { runJson } from './answers.ts';

/** The answers that are made in a reader thread, as text: a page of objects would take longer to hand over than to find. */
export const queries = { 'mlflow.runPage': runPage };

/** One page of runs as JSON, a comma apart. */
function runPage(db: Database.Database, search: RunSearch): { runs: string; next: Cursor | null } {
  const { runs, next } = runQuery(db, search);
  return { runs: runs.map(runText).join(), next };
}

/** As `runJson`, but as in MLflow a search names no models that a run read. */
function runText({ run, params, metrics }: WrittenRun): string {
  const { data, ...rest } = runJson({ ...run, modelInputs: [] });
  const lists = [
    ...(metrics === '' ? [] : [`"metrics":[${metrics}]`]),
    ...(params === '' ? [] : [`"params":[${params}]`]),
    ...(data.tags === undefined ? [] : [`"tags":${JSON.stringify(data.tags)}`]),
  ];
  return `{"data":{${lists.join()}},${JSON.stringify(rest).slice(1)}`;
}
