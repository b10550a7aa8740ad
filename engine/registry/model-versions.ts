import type Database from 'better-sqlite3';
import type { ModelStage } from '../../contract/index.ts';
import { filesDigest } from './files-digest.ts';
import { appendHistory, type Cause } from './history.ts';

/** One version of a registered model. Times are milliseconds UTC; texts that were not given are empty. */
export interface ModelVersion {
  readonly model: number;
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly stage: ModelStage;
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
  stage: ModelStage;
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

/** The number of the newest version that has not been deleted. */
/** A version whose files are at a location; undefined where none is. */
export function versionAtLocation(
  db: Database.Database,
  storageLocation: string,
): { name: string; version: number } | undefined {
  return db
    .prepare(
      `SELECT m.name, v.version FROM model_version v JOIN registered_model m ON m.id = v.model
       WHERE v.storage_location = ? AND NOT v.is_deleted LIMIT 1`,
    )
    .get(storageLocation) as { name: string; version: number } | undefined;
}

export function newestVersion(db: Database.Database, model: number): number | undefined {
  const newest = db
    .prepare('SELECT max(version) FROM model_version WHERE model = ? AND is_deleted = 0')
    .pluck()
    .get(model) as number | null;
  return newest ?? undefined;
}

/**
 * Stores the next version of a model and returns its number. Numbers of deleted versions are not used again. The history
 * keeps what its files are, where they are stored here.
 */
export function insertModelVersion(
  db: Database.Database,
  version: Pick<
    ModelVersion,
    'model' | 'description' | 'source' | 'storageLocation' | 'runId' | 'runLink' | 'modelId'
  > & { tags: Readonly<Record<string, string>> },
  cause: Cause,
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
    cause.at,
    cause.at,
  );
  const files = filesDigest(db, version.storageLocation);
  appendHistory(
    db,
    version.model,
    { ...cause, evidence: { ...cause.evidence, runId: version.runId, ...(files === null ? {} : { files }) } },
    { kind: 'version-created', version: number, after: version.source },
  );
  const created = { model: version.model, version: number };
  for (const [key, value] of Object.entries(version.tags)) setVersionTag(db, created, key, value, cause);
  touchModel(db, version.model, cause.at);
  return number;
}

/** Which version is meant, by the numbers of the store. */
type VersionKey = Pick<ModelVersion, 'model' | 'version'>;

export function describeVersion(
  db: Database.Database,
  { model, version, description: before }: VersionKey & Pick<ModelVersion, 'description'>,
  description: string,
  cause: Cause,
): void {
  appendHistory(db, model, cause, { kind: 'version-described', version, before, after: description });
  db.prepare('UPDATE model_version SET description = ?, updated_at = ? WHERE model = ? AND version = ?').run(
    description,
    cause.at,
    model,
    version,
  );
}

/** Moves a version to a stage; with `archiveOthers` the versions that are in that stage are archived. */
export function moveToStage(
  db: Database.Database,
  { model, version }: VersionKey,
  stage: ModelStage,
  archiveOthers: boolean,
  cause: Cause,
): void {
  const others = db.prepare(
    'SELECT version FROM model_version WHERE model = ? AND version != ? AND stage = ? AND is_deleted = 0',
  );
  const archived = archiveOthers ? (others.pluck().all(model, version, stage) as number[]) : [];
  for (const other of archived) putIntoStage(db, { model, version: other }, 'Archived', cause);
  putIntoStage(db, { model, version }, stage, cause);
  touchModel(db, model, cause.at);
}

function putIntoStage(
  db: Database.Database,
  { model, version }: VersionKey,
  stage: ModelStage,
  cause: Cause,
): void {
  const before = db
    .prepare('SELECT stage FROM model_version WHERE model = ? AND version = ?')
    .pluck()
    .get(model, version) as string;
  appendHistory(db, model, cause, { kind: 'stage-moved', version, before, after: stage });
  db.prepare('UPDATE model_version SET stage = ?, updated_at = ? WHERE model = ? AND version = ?').run(
    stage,
    cause.at,
    model,
    version,
  );
}

/** Deletes a version and its aliases. Its row stays, so that its number is never given out again. */
export function deleteModelVersion(
  db: Database.Database,
  { model, version, aliases }: VersionKey & Pick<ModelVersion, 'aliases'>,
  cause: Cause,
): void {
  for (const alias of aliases)
    appendHistory(db, model, cause, {
      kind: 'alias-removed',
      version,
      item: alias,
      before: String(version),
    });
  db.prepare('DELETE FROM model_alias WHERE model = ? AND version = ?').run(model, version);
  const lost = Object.fromEntries(aliases.map((alias) => [alias, version]));
  appendHistory(
    db,
    model,
    { ...cause, evidence: { ...cause.evidence, aliases: lost } },
    { kind: 'version-deleted', version },
  );
  db.prepare('UPDATE model_version SET is_deleted = 1, updated_at = ? WHERE model = ? AND version = ?').run(
    cause.at,
    model,
    version,
  );
  touchModel(db, model, cause.at);
}

export function setVersionTag(
  db: Database.Database,
  { model, version }: VersionKey,
  key: string,
  value: string,
  cause: Cause,
): void {
  const before = versionTag(db, { model, version }, key);
  appendHistory(db, model, cause, { kind: 'tag-set', version, item: key, before, after: value });
  db.prepare(
    'INSERT INTO model_version_tag VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  ).run(model, version, key, value);
}

export function removeVersionTag(
  db: Database.Database,
  { model, version }: VersionKey,
  key: string,
  cause: Cause,
): void {
  const before = versionTag(db, { model, version }, key);
  if (before === null) return;
  appendHistory(db, model, cause, { kind: 'tag-removed', version, item: key, before });
  db.prepare('DELETE FROM model_version_tag WHERE model = ? AND version = ? AND key = ?').run(
    model,
    version,
    key,
  );
}

function versionTag(db: Database.Database, { model, version }: VersionKey, key: string): string | null {
  const value = db
    .prepare('SELECT value FROM model_version_tag WHERE model = ? AND version = ? AND key = ?')
    .pluck();
  return (value.get(model, version, key) as string | undefined) ?? null;
}

function touchModel(db: Database.Database, model: number, at: number): void {
  db.prepare('UPDATE registered_model SET updated_at = ? WHERE id = ?').run(at, model);
}

/** Registered versions that came out of a run. */
export function versionsOfRun(
  db: Database.Database,
  runId: string,
): Pick<ModelVersion, 'name' | 'version' | 'modelId' | 'storageLocation'>[] {
  return db
    .prepare(
      `SELECT m.name, v.version, v.model_id AS modelId, v.storage_location AS storageLocation FROM model_version v JOIN registered_model m ON m.id = v.model
       WHERE v.run_id = ? AND v.run_id != '' AND NOT v.is_deleted ORDER BY m.name, v.version LIMIT 200`,
    )
    .all(runId) as Pick<ModelVersion, 'name' | 'version' | 'modelId' | 'storageLocation'>[];
}

/** Registered versions of a logged model. */
export function versionsOfLoggedModel(
  db: Database.Database,
  modelId: string,
): Pick<ModelVersion, 'name' | 'version' | 'modelId'>[] {
  return db
    .prepare(
      `SELECT m.name, v.version, v.model_id AS modelId FROM model_version v JOIN registered_model m ON m.id = v.model
       WHERE v.model_id = ? AND v.model_id != '' AND NOT v.is_deleted ORDER BY m.name, v.version LIMIT 20`,
    )
    .all(modelId) as Pick<ModelVersion, 'name' | 'version' | 'modelId'>[];
}
