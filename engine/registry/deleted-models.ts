import type Database from 'better-sqlite3';
import { BenchtopError } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { appendHistory, type Cause } from './history.ts';
import { newestDeletion } from './history-queries.ts';
import { modelVersion, type ModelVersion } from './model-versions.ts';
import { aliasHolder, registeredModel, removeAlias, setAlias } from './registered-models.ts';

/** Versions that are deleted with their model come back with it; those that were deleted before do not. */
const withItsModel = 2;

/** Deletes a model with all its versions, so that its name is free. What is known of it stays, and so do its files and its history. */
export function deleteRegisteredModel(db: Database.Database, id: number, cause: Cause): void {
  const held = prepared(db, 'SELECT alias, version FROM model_alias WHERE model = ? ORDER BY alias').all(
    id,
  ) as {
    alias: string;
    version: number;
  }[];
  for (const { alias } of held) removeAlias(db, id, alias, cause);
  const aliases = Object.fromEntries(held.map(({ alias, version }) => [alias, version]));
  appendHistory(
    db,
    id,
    { ...cause, evidence: { ...cause.evidence, aliases } },
    {
      kind: 'model-deleted',
    },
  );
  prepared(db, 'UPDATE model_version SET is_deleted = ? WHERE model = ? AND is_deleted = 0').run(
    withItsModel,
    id,
  );
  prepared(
    db,
    "UPDATE registered_model SET deleted_name = name, name = '/deleted/' || id, updated_at = ? WHERE id = ?",
  ).run(cause.at, id);
}

/**
 * Brings back the model that had a name and was deleted last.
 * @throws {BenchtopError} `not-found`; `conflict` where another model has the name.
 */
export function restoreRegisteredModel(db: Database.Database, name: string, cause: Cause): void {
  const id = prepared(
    db,
    'SELECT id FROM registered_model WHERE deleted_name = ? ORDER BY updated_at DESC, id DESC LIMIT 1',
  )
    .pluck()
    .get(name) as number | undefined;
  const isTaken = registeredModel(db, name) !== undefined;
  if (id === undefined)
    throw new BenchtopError({
      code: 'not-found',
      what: isTaken ? `The model ${name} is there.` : `No model "${name}" was deleted that could come back.`,
      next: '`benchtop model history` tells what was deleted when.',
    });
  if (isTaken)
    throw new BenchtopError({
      code: 'conflict',
      what: `Another model is called ${name} by now.`,
      next: `Give that one another name first: \`benchtop model rename ${name} NEW-NAME\`.`,
    });
  prepared(
    db,
    'UPDATE registered_model SET name = deleted_name, deleted_name = NULL, updated_at = ? WHERE id = ?',
  ).run(cause.at, id);
  prepared(db, 'UPDATE model_version SET is_deleted = 0 WHERE model = ? AND is_deleted = ?').run(
    id,
    withItsModel,
  );
  appendHistory(db, id, cause, { kind: 'model-restored', after: name });
  giveAliasesBack(db, id, newestDeletion(db, id, null)?.aliases ?? {}, cause);
}

/**
 * Brings back a version that was deleted by itself.
 * @throws {BenchtopError} `not-found`; `conflict` for one that is there.
 */
export function restoreModelVersion(
  db: Database.Database,
  { model, name, version }: Pick<ModelVersion, 'model' | 'name' | 'version'>,
  cause: Cause,
): void {
  if (modelVersion(db, name, version) !== undefined)
    throw new BenchtopError({ code: 'conflict', what: `Version ${version} of ${name} is there.` });
  const stage = prepared(db, 'SELECT stage FROM model_version WHERE model = ? AND version = ?')
    .pluck()
    .get(model, version) as string | undefined;
  if (stage === undefined)
    throw new BenchtopError({
      code: 'not-found',
      what: `${name} never had a version ${version}.`,
      next: `\`benchtop model history ${name}\` tells what was deleted.`,
    });
  prepared(db, 'UPDATE model_version SET is_deleted = 0, updated_at = ? WHERE model = ? AND version = ?').run(
    cause.at,
    model,
    version,
  );
  prepared(db, 'UPDATE registered_model SET updated_at = ? WHERE id = ?').run(cause.at, model);
  appendHistory(db, model, cause, { kind: 'version-restored', version, after: stage });
  giveAliasesBack(db, model, newestDeletion(db, model, version)?.aliases ?? {}, cause);
}

/** An alias that another version got meanwhile stays there. */
function giveAliasesBack(
  db: Database.Database,
  id: number,
  aliases: Readonly<Record<string, number>>,
  cause: Cause,
): void {
  for (const [alias, version] of Object.entries(aliases))
    if (aliasHolder(db, id, alias) === null) setAlias(db, { id, alias, version }, cause);
}
