import type Database from 'better-sqlite3';
import { versionsOf, type ModelVersion, type VersionRow } from './model-versions.ts';

/** A model with a name, of which there are versions. Prompts are registered models with a tag. Times are milliseconds UTC. */
export interface RegisteredModel {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly aliases: readonly { readonly alias: string; readonly version: number }[];
  /** The newest version of each stage that has one. */
  readonly latestVersions: readonly ModelVersion[];
}

export interface ModelRow {
  id: number;
  name: string;
  description: string;
  created_at: number;
  updated_at: number;
}

export function registeredModelsOf(db: Database.Database, rows: readonly ModelRow[]): RegisteredModel[] {
  const tags = db.prepare('SELECT key, value FROM registered_model_tag WHERE model = ? ORDER BY key').raw();
  const aliases = db.prepare('SELECT alias, version FROM model_alias WHERE model = ? ORDER BY alias');
  const latest = db.prepare(
    `SELECT v.*, m.name FROM model_version v JOIN registered_model m ON m.id = v.model
     WHERE v.model = ? AND v.is_deleted = 0 AND v.version = (
       SELECT max(o.version) FROM model_version o WHERE o.model = v.model AND o.is_deleted = 0 AND o.stage = v.stage
     ) ORDER BY v.version`,
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    tags: tags.all(row.id) as [string, string][],
    aliases: aliases.all(row.id) as { alias: string; version: number }[],
    latestVersions: versionsOf(db, latest.all(row.id) as VersionRow[]),
  }));
}

export function registeredModel(db: Database.Database, name: string): RegisteredModel | undefined {
  const row = db.prepare('SELECT * FROM registered_model WHERE name = ?').get(name) as ModelRow | undefined;
  return row === undefined ? undefined : registeredModelsOf(db, [row])[0];
}

export function insertRegisteredModel(
  db: Database.Database,
  model: { name: string; description: string; at: number; tags: Readonly<Record<string, string>> },
): void {
  const id = Number(
    db
      .prepare('INSERT INTO registered_model (name, description, created_at, updated_at) VALUES (?, ?, ?, ?)')
      .run(model.name, model.description, model.at, model.at).lastInsertRowid,
  );
  for (const [key, value] of Object.entries(model.tags)) setModelTag(db, id, key, value);
}

export function changeRegisteredModel(
  db: Database.Database,
  id: number,
  change: { description: string; at: number },
): void {
  db.prepare('UPDATE registered_model SET description = ?, updated_at = ? WHERE id = ?').run(
    change.description,
    change.at,
    id,
  );
}

/** Renames a model; its versions count as updated too. */
export function renameRegisteredModel(db: Database.Database, id: number, name: string, at: number): void {
  db.prepare('UPDATE registered_model SET name = ?, updated_at = ? WHERE id = ?').run(name, at, id);
  db.prepare('UPDATE model_version SET updated_at = ? WHERE model = ?').run(at, id);
}

/** Deletes a model with all its versions. The files they point to stay where they are. */
export function deleteRegisteredModel(db: Database.Database, id: number): void {
  db.prepare('DELETE FROM registered_model WHERE id = ?').run(id);
}

export function setModelTag(db: Database.Database, id: number, key: string, value: string): void {
  db.prepare(
    'INSERT INTO registered_model_tag VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  ).run(id, key, value);
}

export function removeModelTag(db: Database.Database, id: number, key: string): void {
  db.prepare('DELETE FROM registered_model_tag WHERE model = ? AND key = ?').run(id, key);
}

export function setAlias(db: Database.Database, id: number, alias: string, version: number): void {
  db.prepare(
    'INSERT INTO model_alias VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version',
  ).run(id, alias, version);
}

export function removeAlias(db: Database.Database, id: number, alias: string): void {
  db.prepare('DELETE FROM model_alias WHERE model = ? AND alias = ?').run(id, alias);
}
