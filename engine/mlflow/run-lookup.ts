import type Database from 'better-sqlite3';
import {
  changeRun,
  recordedRunById,
  runStateById,
  setParent,
  setTags,
  type RecordedRun,
  type RunState,
} from '../tracking/index.ts';
import { invalid, missing } from './mlflow-error.ts';

/** A run by the id of a request. @throws {MlflowError} */
export function runOf(db: Database.Database, runId: string): RecordedRun {
  const run = recordedRunById(db, runId);
  if (run === undefined) throw missing(`Run with id=${runId} not found`);
  return run;
}

/** A run that may be written to. @throws {MlflowError} */
export function activeRunOf(db: Database.Database, runId: string): RunState {
  const run = runStateById(db, runId);
  if (run === undefined) throw missing(`Run with id=${runId} not found`);
  if (run.isDeleted)
    throw invalid(`The run ${runId} must be in the 'active' state. Current state is deleted.`);
  return run;
}

/** Sets tags of a run, and what some of them stand for: its name, its note, its parent. A name is never set to nothing. */
export function setRunTags(
  db: Database.Database,
  run: { runId: string },
  tags: Readonly<Record<string, string>>,
): void {
  const { 'mlflow.runName': name, ...others } = tags;
  const { 'mlflow.note.content': note, 'mlflow.parentRunId': parent } = tags;
  setTags(db, run.runId, name === '' ? others : tags);
  if (name !== undefined && name !== '') changeRun(db, run.runId, { name });
  if (note !== undefined) changeRun(db, run.runId, { note });
  if (parent !== undefined) setParent(db, run.runId, parent);
}
