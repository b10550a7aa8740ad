import type Database from 'better-sqlite3';
import { belowLocation } from './experiments.ts';
import { metricValue, storedValue, type StoredValue } from './metric-value.ts';

export type LoggedModelStatus = 'unspecified' | 'pending' | 'ready' | 'upload_failed';

/** A model that a run logged, before anybody registers it. Times are milliseconds UTC. */
export interface LoggedModel {
  readonly modelId: string;
  readonly experiment: number;
  readonly name: string;
  readonly artifactLocation: string;
  readonly modelType: string;
  readonly sourceRunId: string;
  readonly status: LoggedModelStatus;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly isDeleted: boolean;
  readonly params: readonly (readonly [key: string, value: string])[];
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly metrics: readonly ModelMetric[];
}

export interface ModelMetric {
  readonly key: string;
  readonly runId: string;
  readonly timeMs: number;
  readonly step: number;
  readonly value: number;
  readonly datasetName: string | null;
  readonly datasetDigest: string | null;
}

export interface LoggedModelRow {
  id: number;
  model_id: string;
  experiment: number;
  name: string;
  model_type: string;
  source_run_id: string;
  status: LoggedModelStatus;
  created_at: number;
  updated_at: number;
  deleted_at: number | null;
  artifact_location: string;
}

/** Rows of `logged_model` with the location of their files, ready for a WHERE over alias m. */
export const selectLoggedModels = `SELECT m.*, ${belowLocation('e', "'models/' || m.model_id || '/artifacts'")} AS artifact_location
  FROM logged_model m JOIN experiment e ON e.id = m.experiment`;

export function loggedModelsOf(db: Database.Database, rows: readonly LoggedModelRow[]): LoggedModel[] {
  const params = db.prepare('SELECT key, value FROM logged_model_param WHERE model = ? ORDER BY key').raw();
  const tags = db.prepare('SELECT key, value FROM logged_model_tag WHERE model = ? ORDER BY key').raw();
  const metrics = db.prepare(
    `SELECT key, run_id AS runId, time AS timeMs, step, value, dataset_name AS datasetName, dataset_digest AS datasetDigest
     FROM logged_model_metric WHERE model = ? ORDER BY key, time, step`,
  );
  return rows.map((row) => ({
    modelId: row.model_id,
    experiment: row.experiment,
    name: row.name,
    artifactLocation: row.artifact_location,
    modelType: row.model_type,
    sourceRunId: row.source_run_id,
    status: row.status,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    isDeleted: row.deleted_at !== null,
    params: params.all(row.id) as [string, string][],
    tags: tags.all(row.id) as [string, string][],
    metrics: (metrics.all(row.id) as (Omit<ModelMetric, 'value'> & { value: StoredValue })[]).map(
      (metric) => ({ ...metric, value: metricValue(metric.value) }),
    ),
  }));
}

export function loggedModelById(db: Database.Database, modelId: string): LoggedModel | undefined {
  const row = db.prepare(`${selectLoggedModels} WHERE m.model_id = ?`).get(modelId) as
    | LoggedModelRow
    | undefined;
  return row === undefined ? undefined : loggedModelsOf(db, [row])[0];
}

export function insertLoggedModel(
  db: Database.Database,
  model: Pick<LoggedModel, 'modelId' | 'experiment' | 'name' | 'modelType' | 'sourceRunId'> & { at: number },
): void {
  db.prepare(
    `INSERT INTO logged_model (model_id, experiment, name, model_type, source_run_id, status, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, 'pending', ?, ?)`,
  ).run(model.modelId, model.experiment, model.name, model.modelType, model.sourceRunId, model.at, model.at);
}

export function setLoggedModelStatus(
  db: Database.Database,
  modelId: string,
  status: LoggedModelStatus,
  at: number,
): void {
  db.prepare('UPDATE logged_model SET status = ?, updated_at = ? WHERE model_id = ?').run(
    status,
    at,
    modelId,
  );
}

export function markLoggedModelDeleted(db: Database.Database, modelId: string, at: number): void {
  db.prepare('UPDATE logged_model SET deleted_at = ?, updated_at = ? WHERE model_id = ?').run(
    at,
    at,
    modelId,
  );
}

export function setLoggedModelPairs(
  db: Database.Database,
  table: 'param' | 'tag',
  modelId: string,
  pairs: readonly (readonly [key: string, value: string])[],
): void {
  const upsert = db.prepare(
    `INSERT INTO logged_model_${table} (model, key, value) SELECT id, ?, ? FROM logged_model WHERE model_id = ?
     ON CONFLICT DO UPDATE SET value = excluded.value`,
  );
  for (const [key, value] of pairs) upsert.run(key, value, modelId);
}

/** False when there was no such tag. */
export function removeLoggedModelTag(db: Database.Database, modelId: string, key: string): boolean {
  return (
    db
      .prepare(
        'DELETE FROM logged_model_tag WHERE model = (SELECT id FROM logged_model WHERE model_id = ?) AND key = ?',
      )
      .run(modelId, key).changes === 1
  );
}

/** Metrics for models that are not stored are dropped: they have nothing to belong to. */
export function insertModelMetrics(
  db: Database.Database,
  metrics: readonly (ModelMetric & { modelId: string })[],
): void {
  const insert = db.prepare(
    `INSERT OR IGNORE INTO logged_model_metric (model, run_id, key, time, step, value, dataset_name, dataset_digest)
     SELECT id, ?, ?, ?, ?, ?, ?, ? FROM logged_model WHERE model_id = ?`,
  );
  for (const metric of metrics) {
    insert.run(
      metric.runId,
      metric.key,
      metric.timeMs,
      metric.step,
      storedValue(metric.value),
      metric.datasetName,
      metric.datasetDigest,
      metric.modelId,
    );
  }
}
