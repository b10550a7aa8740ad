import type Database from 'better-sqlite3';
import { traceById, traceNumber, type Trace } from '../traces/index.ts';
import { missing } from './mlflow-error.ts';

/** A trace by the id of a request. @throws {MlflowError} */
export function traceOf(db: Database.Database, traceId: string): Trace {
  const trace = traceById(db, traceId);
  if (trace === undefined) throw missing(`Trace with ID '${traceId}' not found.`);
  return trace;
}

/** The row of a trace by the id of a request. @throws {MlflowError} */
export function traceRowOf(db: Database.Database, traceId: string): number {
  const row = traceNumber(db, traceId);
  if (row === undefined) throw missing(`Trace with ID '${traceId}' not found.`);
  return row;
}
