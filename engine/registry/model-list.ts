import type Database from 'better-sqlite3';
import type { ModelVersion as ShownVersion, RegisteredModel as ShownModel } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { versionsOf, type ModelVersion, type VersionRow } from './model-versions.ts';
import { registeredModelsOf, type ModelRow, type RegisteredModel } from './registered-models.ts';

/** Prompts are registered models with a tag; over alias m of `registered_model`. */
export const isPrompt =
  "EXISTS (SELECT 1 FROM registered_model_tag p WHERE p.model = m.id AND p.key = 'mlflow.prompt.is_prompt' AND p.value = 'true')";

/** Registered models as the window shows them, the one changed last first. */
export function modelList(
  db: Database.Database,
  { projectId, text, limit }: { projectId: string | null; text: string; limit: number },
): ShownModel[] {
  const rows = prepared(
    db,
    `SELECT m.* FROM registered_model m WHERE m.deleted_name IS NULL AND NOT ${isPrompt} AND instr(lower(m.name), lower(@text)) > 0
       AND (@projectId IS NULL OR EXISTS (SELECT 1 FROM model_version v JOIN run r ON r.run_id = v.run_id
         WHERE v.model = m.id AND NOT v.is_deleted AND r.project_id = @projectId))
     ORDER BY m.updated_at DESC, m.id DESC LIMIT @limit`,
  ).all({ projectId, text, limit }) as ModelRow[];
  return registeredModelsOf(db, rows).map((model) => shownModel(db, model));
}

export function shownModel(db: Database.Database, model: RegisteredModel): ShownModel {
  const versionCount = prepared(
    db,
    'SELECT count(*) FROM model_version WHERE model = ? AND NOT is_deleted',
  ).pluck();
  const [latest] = newestVersions(db, model.id, 1);
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

/** Versions of a model that are not deleted, the newest first. */
export function newestVersions(db: Database.Database, model: number, limit: number): ModelVersion[] {
  const rows = prepared(
    db,
    `SELECT v.*, m.name FROM model_version v JOIN registered_model m ON m.id = v.model
     WHERE v.model = ? AND NOT v.is_deleted ORDER BY v.version DESC LIMIT ?`,
  ).all(model, limit) as VersionRow[];
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
