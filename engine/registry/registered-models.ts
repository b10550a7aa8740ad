import type Database from 'better-sqlite3';
import type { HistoryEntry } from '../../contract/index.ts';
import { appendHistory, type Cause } from './history.ts';
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
  const row = db
    .prepare('SELECT * FROM registered_model WHERE name = ? AND deleted_name IS NULL')
    .get(name) as ModelRow | undefined;
  return row === undefined ? undefined : registeredModelsOf(db, [row])[0];
}

/** Makes a model and returns its number in the store. */
export function insertRegisteredModel(
  db: Database.Database,
  model: { name: string; description: string; tags: Readonly<Record<string, string>> },
  cause: Cause,
): number {
  const id = Number(
    db
      .prepare('INSERT INTO registered_model (name, description, created_at, updated_at) VALUES (?, ?, ?, ?)')
      .run(model.name, model.description, cause.at, cause.at).lastInsertRowid,
  );
  appendHistory(db, id, cause, { kind: 'model-created', after: model.description });
  for (const [key, value] of Object.entries(model.tags)) setModelTag(db, id, key, value, cause);
  return id;
}

export function describeModel(db: Database.Database, id: number, description: string, cause: Cause): void {
  const before = db
    .prepare('SELECT description FROM registered_model WHERE id = ?')
    .pluck()
    .get(id) as string;
  appendHistory(db, id, cause, { kind: 'model-described', before, after: description });
  db.prepare('UPDATE registered_model SET description = ?, updated_at = ? WHERE id = ?').run(
    description,
    cause.at,
    id,
  );
}

/** Renames a model; its versions count as updated too. */
export function renameRegisteredModel(db: Database.Database, id: number, name: string, cause: Cause): void {
  const before = db.prepare('SELECT name FROM registered_model WHERE id = ?').pluck().get(id) as string;
  db.prepare('UPDATE registered_model SET name = ?, updated_at = ? WHERE id = ?').run(name, cause.at, id);
  db.prepare('UPDATE model_version SET updated_at = ? WHERE model = ?').run(cause.at, id);
  appendHistory(db, id, cause, { kind: 'model-renamed', before, after: name });
}

export function setModelTag(
  db: Database.Database,
  id: number,
  key: string,
  value: string,
  cause: Cause,
): void {
  appendHistory(db, id, cause, { kind: 'tag-set', item: key, before: modelTag(db, id, key), after: value });
  db.prepare(
    'INSERT INTO registered_model_tag VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  ).run(id, key, value);
}

export function removeModelTag(db: Database.Database, id: number, key: string, cause: Cause): void {
  const before = modelTag(db, id, key);
  if (before === null) return;
  appendHistory(db, id, cause, { kind: 'tag-removed', item: key, before });
  db.prepare('DELETE FROM registered_model_tag WHERE model = ? AND key = ?').run(id, key);
}

function modelTag(db: Database.Database, id: number, key: string): string | null {
  const value = db.prepare('SELECT value FROM registered_model_tag WHERE model = ? AND key = ?').pluck();
  return (value.get(id, key) as string | undefined) ?? null;
}

/** Gives an alias to a version, whatever version has it now. */
export function setAlias(
  db: Database.Database,
  { id, alias, version }: { id: number; alias: string; version: number },
  cause: Cause,
  kind: 'alias-set' | 'alias-rolled-back' = 'alias-set',
): HistoryEntry {
  const entry = appendHistory(db, id, cause, {
    kind,
    version,
    item: alias,
    before: aliasText(aliasHolder(db, id, alias)),
    after: String(version),
  });
  db.prepare(
    'INSERT INTO model_alias VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version',
  ).run(id, alias, version);
  return entry;
}

export function removeAlias(db: Database.Database, id: number, alias: string, cause: Cause): void {
  const holder = aliasHolder(db, id, alias);
  if (holder === null) return;
  appendHistory(db, id, cause, {
    kind: 'alias-removed',
    version: holder,
    item: alias,
    before: aliasText(holder),
  });
  db.prepare('DELETE FROM model_alias WHERE model = ? AND alias = ?').run(id, alias);
}

/** The version that has an alias now. */
export function aliasHolder(db: Database.Database, id: number, alias: string): number | null {
  const version = db.prepare('SELECT version FROM model_alias WHERE model = ? AND alias = ?').pluck();
  return (version.get(id, alias) as number | undefined) ?? null;
}

const aliasText = (version: number | null) => (version === null ? null : String(version));
