import type Database from 'better-sqlite3';
import { BenchtopError, type ModelContent } from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import type { Store } from '../store/index.ts';
import { mlmodelBytesAtMost } from './candidates.ts';
import { filesDigest } from './files-digest.ts';
import type { ModelVersion } from './model-versions.ts';
import { readMlmodel, type Mlmodel } from './read-mlmodel.ts';
import { filesAt, textOf } from './version-files.ts';

const filesShown = 1000;

/** What the files of a version say of it. */
export async function versionContent(
  { store, objects }: { store: Store; objects: Objects },
  version: ModelVersion,
): Promise<ModelContent> {
  const found = await filesAt(store, version.storageLocation);
  let mlmodel: Mlmodel | null = null;
  let problem: string | null = null;
  try {
    const text = await textOf(objects, found, 'MLmodel', mlmodelBytesAtMost);
    mlmodel = text === null ? null : readMlmodel(text);
  } catch (error) {
    if (!(error instanceof BenchtopError)) throw error;
    problem = [error.message, error.evidence].filter(Boolean).join(' ');
  }
  return {
    files: found.files.slice(0, filesShown),
    fileCount: found.files.length,
    sizeBytes: found.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    sinceRegistered: store.now((db) => sinceRegistered(db, version)),
    flavors: [...(mlmodel?.flavors ?? [])],
    mlflowVersion: mlmodel?.mlflowVersion ?? null,
    signature: mlmodel?.signature ?? null,
    problem,
  };
}

/** Holds the files that are there against those that the history has of the version. */
function sinceRegistered(db: Database.Database, version: ModelVersion): ModelContent['sinceRegistered'] {
  const registered = db
    .prepare(
      `SELECT h.evidence ->> '$.files.sha256' FROM registered_model m JOIN registry_history h ON h.subject = m.history
       WHERE m.id = ? AND h.version = ? AND h.kind = 'version-created'`,
    )
    .pluck()
    .get(version.model, version.version) as string | null | undefined;
  if (typeof registered !== 'string') return 'unknown';
  return filesDigest(db, version.storageLocation)?.sha256 === registered ? 'same' : 'changed';
}
