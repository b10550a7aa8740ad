import type Database from 'better-sqlite3';
import {
  gateReport,
  latency,
  modelImportance,
  type GateEnvironment,
  type GateReport,
  type Latency,
  type ModelImportance,
  type PredictionSource,
} from '../../contract/index.ts';
import { prepared } from '../store/index.ts';

/** Tables of this room that refer to stored files by their id. */
export const objectReferences = ['SELECT object_id FROM gate_predictions'] as const;

/** A version by the row of its model, which stays when the model is renamed. */
export interface VersionKey {
  readonly model: number;
  readonly version: number;
}

export function saveReport(db: Database.Database, { model, version }: VersionKey, report: GateReport): void {
  prepared(
    db,
    `INSERT INTO gate_report (id, model, version, environment, facts, ended_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET facts = excluded.facts`,
  ).run(report.id, model, version, report.environment, JSON.stringify(report), report.endedAt);
}

/** The latest report on a version for an environment. */
export function latestReport(
  db: Database.Database,
  { model, version }: VersionKey,
  environment: GateEnvironment,
): GateReport | null {
  const facts = prepared(
    db,
    `SELECT facts FROM gate_report WHERE model = ? AND version = ? AND environment = ? ORDER BY ended_at DESC, rowid DESC LIMIT 1`,
  )
    .pluck()
    .get(model, version, environment) as string | undefined;
  return facts === undefined ? null : gateReport.parse(JSON.parse(facts));
}

/** The latest report on a version that holds an evaluation on held-out rows, for whichever environment. */
export function latestEvaluated(db: Database.Database, { model, version }: VersionKey): GateReport | null {
  const facts = prepared(
    db,
    `SELECT facts FROM gate_report WHERE model = ? AND version = ? AND facts ->> '$.evaluation' IS NOT NULL
     ORDER BY ended_at DESC, rowid DESC LIMIT 1`,
  )
    .pluck()
    .get(model, version) as string | undefined;
  return facts === undefined ? null : gateReport.parse(JSON.parse(facts));
}

/** Predictions of a version, with what was measured while they were made. */
export interface KeptPredictions extends PredictionSource {
  /** Null for a file that a person gave. */
  readonly dataVersion: string | null;
  /** What the model was asked, as a hash (see `askedOf`); null for a file that a person gave. */
  readonly asked: string | null;
  readonly latency: Latency | null;
}

export function savePredictions(
  db: Database.Database,
  { model, version }: VersionKey,
  kept: Omit<KeptPredictions, 'madeBy'>,
): void {
  prepared(
    db,
    `INSERT INTO gate_predictions (model, version, data_version, asked, object_id, name, run_id, latency, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    model,
    version,
    kept.dataVersion ?? '',
    kept.asked ?? '',
    kept.objectId,
    kept.name,
    kept.runId,
    kept.latency === null ? null : JSON.stringify(kept.latency),
    kept.at,
  );
}

/** What a version last said of held-out rows itself; null where it never did. */
export function latestAnswers(
  db: Database.Database,
  { model, version }: VersionKey,
): { objectId: string; dataVersion: string } | null {
  const row = prepared(
    db,
    `SELECT object_id AS objectId, data_version AS dataVersion FROM gate_predictions
     WHERE model = ? AND version = ? AND data_version != '' AND run_id IS NOT NULL ORDER BY at DESC, rowid DESC LIMIT 1`,
  ).get(model, version) as { objectId: string; dataVersion: string } | undefined;
  return row ?? null;
}

/** What the model itself answered when it was asked so, or else the file that was given last. The latest of either; null where there is none. */
export function predictionsOf(
  db: Database.Database,
  { model, version }: VersionKey,
  from: { asked: string } | 'file',
): KeptPredictions | null {
  const row = prepared(
    db,
    `SELECT object_id, name, data_version, asked, run_id, latency, at FROM gate_predictions
     WHERE model = ? AND version = ? AND ${from === 'file' ? "run_id IS NULL AND asked = ''" : 'asked = ?'} ORDER BY at DESC, rowid DESC LIMIT 1`,
  ).get(model, version, ...(from === 'file' ? [] : [from.asked])) as PredictionsRow | undefined;
  return row === undefined ? null : keptOf(row);
}

/** What was measured while a version made a file of predictions; null where nothing was. */
export function latencyOf(
  db: Database.Database,
  { model, version }: VersionKey,
  objectId: string,
): Latency | null {
  const found = prepared(
    db,
    `SELECT latency FROM gate_predictions WHERE model = ? AND version = ? AND object_id = ? AND latency IS NOT NULL
     ORDER BY at DESC, rowid DESC LIMIT 1`,
  )
    .pluck()
    .get(model, version, objectId) as string | undefined;
  return found === undefined ? null : latency.parse(JSON.parse(found));
}

/** What was told of the columns of a table when a version was asked so; null where it never was. */
export function keptImportance(
  db: Database.Database,
  { model, version }: VersionKey,
  asked: string,
): ModelImportance | null {
  const facts = prepared(
    db,
    'SELECT facts FROM column_importance WHERE model = ? AND version = ? AND asked = ?',
  )
    .pluck()
    .get(model, version, asked) as string | undefined;
  return facts === undefined ? null : modelImportance.parse(JSON.parse(facts));
}

export function saveImportance(
  db: Database.Database,
  { model, version }: VersionKey,
  asked: string,
  importance: ModelImportance,
): void {
  prepared(
    db,
    'INSERT OR REPLACE INTO column_importance (model, version, asked, facts) VALUES (?, ?, ?, ?)',
  ).run(model, version, asked, JSON.stringify(importance));
}

interface PredictionsRow {
  object_id: string;
  name: string;
  data_version: string;
  asked: string;
  run_id: string | null;
  latency: string | null;
  at: number;
}

const keptOf = (row: PredictionsRow): KeptPredictions => ({
  objectId: row.object_id,
  name: row.name,
  madeBy: row.run_id === null ? 'file' : 'model',
  runId: row.run_id,
  at: row.at,
  dataVersion: row.data_version === '' ? null : row.data_version,
  asked: row.asked === '' ? null : row.asked,
  latency: row.latency === null ? null : latency.parse(JSON.parse(row.latency)),
});
