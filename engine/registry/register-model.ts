import type Database from 'better-sqlite3';
import { proxiedPath, putFileAt, runArtifacts } from '../tracking/index.ts';
import { keptRoot, type FoundModel } from './candidates.ts';
import type { Cause } from './history.ts';
import { insertModelVersion, modelVersion, type ModelVersion } from './model-versions.ts';
import { noteVersion } from './note-version.ts';
import { insertRegisteredModel, registeredModel } from './registered-models.ts';

/** Makes what was found in a run the next version of a model, which is made where it is new. */
export function registerModel(
  db: Database.Database,
  runId: string,
  found: FoundModel,
  { name, description, tags }: { name: string; description: string; tags: Readonly<Record<string, string>> },
  cause: Cause,
): ModelVersion {
  keepFiles(db, runId, found.storageUri);
  const model =
    registeredModel(db, name)?.id ?? insertRegisteredModel(db, { name, description: '', tags: {} }, cause);
  const modelId = found.modelId ?? '';
  const version = insertModelVersion(
    db,
    {
      model,
      description,
      source: found.source,
      storageLocation: found.storageUri,
      runId,
      runLink: '',
      modelId,
      tags,
    },
    cause,
  );
  if (modelId !== '') noteVersion(db, modelId, { name, version });
  const registered = modelVersion(db, name, version);
  if (registered === undefined) throw new Error(`Version ${version} of ${name} is not there.`);
  return registered;
}

/** Gives files that only this engine keeps a place below the proxy, where every client finds them. */
function keepFiles(db: Database.Database, runId: string, storageUri: string): void {
  const root = keptRoot(runId);
  const path = proxiedPath(storageUri);
  if (path === null || (path !== root && !path.startsWith(`${root}/`))) return;
  const place = path.slice(root.length + 1);
  for (const file of runArtifacts(db, runId))
    if (place === '' || file.path === place || file.path.startsWith(`${place}/`))
      putFileAt(db, `${root}/${file.path}`, file);
}
