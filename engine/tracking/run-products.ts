import type Database from 'better-sqlite3';
import { prepared } from '../store/index.ts';

/** What one run made or read, for those who follow where things come from. Runs of the bin are left out. */
const limit = 200;

/** Runs that kept a file of this content as their artifact, the earliest first. */
export function runsWithArtifact(db: Database.Database, objectId: string): { runId: string; path: string }[] {
  return prepared(
    db,
    `SELECT r.run_id AS runId, a.path FROM artifact a JOIN run r ON r.id = a.run
     WHERE a.object_id = ? AND r.deleted_at IS NULL ORDER BY r.id LIMIT ${limit}`,
  ).all(objectId) as { runId: string; path: string }[];
}

/** The contents of a run's artifacts. */
export function artifactObjects(db: Database.Database, runId: string): { objectId: string; path: string }[] {
  return prepared(
    db,
    `SELECT a.object_id AS objectId, a.path FROM artifact a JOIN run r ON r.id = a.run
     WHERE r.run_id = ? ORDER BY a.path LIMIT ${limit}`,
  ).all(runId) as { objectId: string; path: string }[];
}

export interface LinkedModel {
  readonly modelId: string;
  readonly name: string;
}

/** Models that clients logged from a run. */
export function modelsLoggedBy(db: Database.Database, runId: string): LinkedModel[] {
  return prepared(
    db,
    `SELECT model_id AS modelId, name FROM logged_model WHERE deleted_at IS NULL AND (source_run_id = ?
       OR model_id IN (SELECT m.model_id FROM run_model m JOIN run r ON r.id = m.run WHERE r.run_id = ? AND m.direction = 'output'))
     ORDER BY id LIMIT ${limit}`,
  ).all(runId, runId) as LinkedModel[];
}

/** Logged models that a run read. */
export function modelsReadBy(db: Database.Database, runId: string): LinkedModel[] {
  return prepared(
    db,
    `SELECT DISTINCT l.model_id AS modelId, l.name FROM run_model m JOIN run r ON r.id = m.run
     JOIN logged_model l ON l.model_id = m.model_id WHERE r.run_id = ? AND m.direction = 'input' LIMIT ${limit}`,
  ).all(runId) as LinkedModel[];
}

/** A logged model with the run that made it and those that read it; null when there is none. */
export function modelLinks(
  db: Database.Database,
  modelId: string,
): (LinkedModel & { madeBy: string; readBy: string[] }) | null {
  const model = prepared(
    db,
    'SELECT model_id AS modelId, name, source_run_id AS madeBy FROM logged_model WHERE model_id = ?',
  ).get(modelId) as (LinkedModel & { madeBy: string }) | undefined;
  if (model === undefined) return null;
  const readBy = prepared(
    db,
    `SELECT r.run_id FROM run_model m JOIN run r ON r.id = m.run
     WHERE m.model_id = ? AND m.direction = 'input' AND r.deleted_at IS NULL LIMIT ${limit}`,
  )
    .pluck()
    .all(modelId) as string[];
  return { ...model, readBy };
}
