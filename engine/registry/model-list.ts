import type Database from 'better-sqlite3';
import type { ModelVersion as ShownVersion, RegisteredModel as ShownModel } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { versionsOf, type ModelVersion, type VersionRow } from './model-versions.ts';
import { registeredModelsOf, type ModelRow, type RegisteredModel } from './registered-models.ts';

/** Prompts are registered models with a tag; over alias m of `registered_model`. */
export const isPrompt =
  "EXISTS (SELECT 1 FROM registered_model_tag p WHERE p.model = m.id AND p.key = 'mlflow.prompt.is_prompt' AND p.value = 'true')";

/** Registered models as the window shows them, the one changed last first, from behind one that is known. */
export function modelList(
  db: Database.Database,
  {
    projectId,
    text,
    after,
    limit,
  }: {
    projectId: string | null;
    text: string;
    after: { updatedAt: number; name: string } | null;
    limit: number;
  },
): { models: ShownModel[]; total: number } {
  const wanted = `FROM registered_model m WHERE m.deleted_name IS NULL AND NOT ${isPrompt} AND instr(lower(m.name), lower(@text)) > 0
     AND (@projectId IS NULL OR EXISTS (SELECT 1 FROM model_version v JOIN run r ON r.run_id = v.run_id
       WHERE v.model = m.id AND NOT v.is_deleted AND r.project_id = @projectId))`;
  const rows = prepared(
    db,
    `SELECT m.* ${wanted} AND (@updatedAt IS NULL OR (m.updated_at, m.name) < (@updatedAt, @name))
     ORDER BY m.updated_at DESC, m.name DESC LIMIT @limit`,
  ).all({
    projectId,
    text,
    limit,
    updatedAt: after?.updatedAt ?? null,
    name: after?.name ?? null,
  }) as ModelRow[];
  return {
    models: registeredModelsOf(db, rows).map((model) => shownModel(db, model)),
    total: prepared(db, `SELECT count(*) ${wanted}`).pluck().get({ projectId, text }) as number,
  };
}

export function shownModel(db: Database.Database, model: RegisteredModel): ShownModel {
  const versionCount = prepared(
    db,
    'SELECT count(*) FROM model_version WHERE model = ? AND NOT is_deleted',
  ).pluck();
  const [latest] = newestVersions(db, model.id, { limit: 1 });
  return {
    name: model.name,
    description: model.description,
    createdAt: model.createdAt,
    updatedAt: model.updatedAt,
    tags: Object.fromEntries(model.tags),
    aliases: [...model.aliases],
    versionCount: versionCount.get(model.id) as number,
    latest: latest === undefined ? null : shownVersion(latest),
  };
}

/** Versions of a model that are not deleted, the newest first: of all, or of those before one. */
export function newestVersions(
  db: Database.Database,
  model: number,
  { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
): ModelVersion[] {
  const rows = prepared(
    db,
    `SELECT v.*, m.name FROM model_version v JOIN registered_model m ON m.id = v.model
     WHERE v.model = ? AND v.version < ? AND NOT v.is_deleted ORDER BY v.version DESC LIMIT ?`,
  ).all(model, before, limit) as VersionRow[];
  return versionsOf(db, rows);
}

export const shownVersion = (version: ModelVersion): ShownVersion => ({
  name: version.name,
  version: version.version,
  description: version.description,
  stage: version.stage,
  source: version.source,
  storageUri: version.storageLocation,
  runId: version.runId === '' ? null : version.runId,
  runLink: version.runLink,
  modelId: version.modelId === '' ? null : version.modelId,
  createdAt: version.createdAt,
  updatedAt: version.updatedAt,
  tags: Object.fromEntries(version.tags),
  aliases: [...version.aliases],
});
