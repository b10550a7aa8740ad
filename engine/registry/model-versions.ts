import type Database from 'better-sqlite3';

export const stages = ['None', 'Staging', 'Production', 'Archived'] as const;
export type Stage = (typeof stages)[number];

/** One version of a registered model. Times are milliseconds UTC; texts that were not given are empty. */
export interface ModelVersion {
  readonly model: number;
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly stage: Stage;
  readonly source: string;
  readonly storageLocation: string;
  readonly runId: string;
  readonly runLink: string;
  readonly modelId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly aliases: readonly string[];
}

export interface VersionRow {
  model: number;
  name: string;
  version: number;
  description: string;
  stage: Stage;
  source: string;
  storage_location: string;
  run_id: string;
  run_link: string;
  model_id: string;
  created_at: number;
  updated_at: number;
}

export function versionsOf(db: Database.Database, rows: readonly VersionRow[]): ModelVersion[] {
  const tags = db
    .prepare('SELECT key, value FROM model_version_tag WHERE model = ? AND version = ? ORDER BY key')
    .raw();
  const aliases = db
    .prepare('SELECT alias FROM model_alias WHERE model = ? AND version = ? ORDER BY alias')
    .pluck();
  return rows.map((row) => ({
    model: row.model,
    name: row.name,
    version: row.version,
    description: row.description,
    stage: row.stage,
    source: row.source,
    storageLocation: row.storage_location,
    runId: row.run_id,
    runLink: row.run_link,
    modelId: row.model_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    tags: tags.all(row.model, row.version) as [string, string][],
    aliases: aliases.all(row.model, row.version) as string[],
  }));
}

/** A version that has not been deleted. */
export function modelVersion(db: Database.Database, name: string, version: number): ModelVersion | undefined {
  const row = db
    .prepare(
      `SELECT v.*, m.name FROM model_version v JOIN registered_model m ON m.id = v.model
       WHERE m.name = ? AND v.version = ? AND v.is_deleted = 0`,
    )
    .get(name, version) as VersionRow | undefined;
  return row === undefined ? undefined : versionsOf(db, [row])[0];
}

/** Stores the next version of a model and returns its number. Numbers of deleted versions are not used again. */
export function insertModelVersion(
  db: Database.Database,
  version: Pick<
    ModelVersion,
    'model' | 'description' | 'source' | 'storageLocation' | 'runId' | 'runLink' | 'modelId'
  > & { at: number; tags: Readonly<Record<string, string>> },
): number {
  const number = db
    .prepare('SELECT coalesce(max(version), 0) + 1 FROM model_version WHERE model = ?')
    .pluck()
    .get(version.model) as number;
  db.prepare(
    `INSERT INTO model_version (model, version, description, source, storage_location, run_id, run_link, model_id, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    version.model,
    number,
    version.description,
    version.source,
    version.storageLocation,
    version.runId,
    version.runLink,
    version.modelId,
    version.at,
    version.at,
  );
  for (const [key, value] of Object.entries(version.tags))
    setVersionTag(db, version.model, number, key, value);
  touchModel(db, version.model, version.at);
  return number;
}

export function describeVersion(
  db: Database.Database,
  { model, version }: ModelVersion,
  description: string,
  at: number,
): void {
  db.prepare('UPDATE model_version SET description = ?, updated_at = ? WHERE model = ? AND version = ?').run(
    description,
    at,
    model,
    version,
  );
}

/** Moves a version to a stage; with `archiveOthers` the versions that are in that stage are archived. */
export function moveToStage(
  db: Database.Database,
  { model, version }: ModelVersion,
  stage: Stage,
  archiveOthers: boolean,
  at: number,
): void {
  if (archiveOthers)
    db.prepare(
      "UPDATE model_version SET stage = 'Archived', updated_at = ? WHERE model = ? AND version != ? AND stage = ? AND is_deleted = 0",
    ).run(at, model, version, stage);
  db.prepare('UPDATE model_version SET stage = ?, updated_at = ? WHERE model = ? AND version = ?').run(
    stage,
    at,
    model,
    version,
  );
  touchModel(db, model, at);
}

export function deleteModelVersion(
  db: Database.Database,
  { model, version }: ModelVersion,
  at: number,
): void {
  db.prepare('DELETE FROM model_alias WHERE model = ? AND version = ?').run(model, version);
  db.prepare('UPDATE model_version SET is_deleted = 1, updated_at = ? WHERE model = ? AND version = ?').run(
    at,
    model,
    version,
  );
  touchModel(db, model, at);
}

export function setVersionTag(
  db: Database.Database,
  model: number,
  version: number,
  key: string,
  value: string,
): void {
  db.prepare(
    'INSERT INTO model_version_tag VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  ).run(model, version, key, value);
}

export function removeVersionTag(db: Database.Database, { model, version }: ModelVersion, key: string): void {
  db.prepare('DELETE FROM model_version_tag WHERE model = ? AND version = ? AND key = ?').run(
    model,
    version,
    key,
  );
}

function touchModel(db: Database.Database, model: number, at: number): void {
  db.prepare('UPDATE registered_model SET updated_at = ? WHERE id = ?').run(at, model);
}

/** Registered versions that came out of a run. */
export function versionsOfRun(
  db: Database.Database,
  runId: string,
): { name: string; version: number; modelId: string }[] {
  return db
    .prepare(
      `SELECT m.name, v.version, v.model_id AS modelId FROM model_version v JOIN registered_model m ON m.id = v.model
       WHERE v.run_id = ? AND v.run_id != '' AND NOT v.is_deleted ORDER BY m.name, v.version LIMIT 200`,
    )
    .all(runId) as { name: string; version: number; modelId: string }[];
}
