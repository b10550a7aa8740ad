import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type Database from 'better-sqlite3';
import { BenchtopError, type PullOrigin } from '../../../contract/index.ts';
import { isWithin } from '../../is-within.ts';
import type { Objects } from '../../objects/index.ts';
import {
  insertModelVersion,
  insertRegisteredModel,
  registeredModel,
  type Cause,
} from '../../registry/index.ts';
import type { Store } from '../../store/index.ts';
import { filesBelow, type FileBelow } from '../../tracking/index.ts';
import { isThere } from '../folder/places.ts';
import { hashFile, sizeAt } from '../folder/write-file.ts';
import { versionId } from '../local-version.ts';
import { deviceId } from '../outbox/mappings.ts';
import { pulledLocation, pulledRoot } from './fetch-files.ts';

/** @throws {BenchtopError} `invalid-input`, `already-exists`. */
export async function requireFree(destination: string): Promise<void> {
  if (!isAbsolute(destination))
    throw new BenchtopError({ code: 'invalid-input', what: `${destination} is no absolute path.` });
  if (await isThere(destination))
    throw new BenchtopError({
      code: 'already-exists',
      what: `There is something at ${destination} already.`,
      next: 'Name a folder that is not there yet.',
    });
}

/**
 * Writes a fetched version as a folder, which is there whole or not at all. Where an engine ended in the midst of that, the next one puts its
 * own in the place of what was begun; a folder that holds these very files is the one that was to be written.
 * @throws {BenchtopError} `already-exists` where something else is there.
 */
export async function writePulled(
  { store, objects }: { store: Store; objects: Pick<Objects, 'writeFiles'> },
  pullId: number,
  destination: string,
): Promise<void> {
  const content = store.now((db) => filesBelow(db, pulledRoot(pullId)));
  if (await holdsExactly(destination, content)) return;
  const fresh = `${destination}.${store.now(deviceId)}-${pullId}.part`;
  const files = content.map(({ objectId, path }) => ({ objectId, path: join(fresh, path) }));
  const stray = files.find(({ path }) => !isWithin(fresh, path));
  if (stray !== undefined)
    throw new BenchtopError({
      code: 'invalid-input',
      what: `The model names a path that leaves it: ${stray.path}`,
    });
  try {
    await rm(fresh, { recursive: true, force: true });
    for (const folder of new Set([fresh, ...files.map(({ path }) => dirname(path))]))
      await mkdir(folder, { recursive: true });
    await objects.writeFiles(files);
    await requireFree(destination);
    await rename(fresh, destination);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Whether a folder holds these files, and nothing else. */
async function holdsExactly(folder: string, content: readonly FileBelow[]): Promise<boolean> {
  if (!(await isThere(folder))) return false;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => !entry.isDirectory());
  if (found.length !== content.length || found.some((entry) => !entry.isFile())) return false;
  for (const { path, objectId, sizeBytes } of content) {
    const there = join(folder, path);
    if ((await sizeAt(there)) !== sizeBytes || (await hashFile(there)).sha256 !== objectId) return false;
  }
  return true;
}

/** Makes a fetched version one of this registry, with where it comes from. Returns it as `churn/4`. */
export function registerPulled(
  db: Database.Database,
  pullId: number,
  origin: PullOrigin,
  name: string,
  cause: Cause,
): string {
  const model =
    registeredModel(db, name)?.id ?? insertRegisteredModel(db, { name, description: '', tags: {} }, cause);
  const number = insertModelVersion(
    db,
    {
      model,
      description: '',
      source: `${origin.address}#${versionId(origin.name, Number(origin.version))}`,
      storageLocation: pulledLocation(pullId),
      runId: '',
      runLink: '',
      modelId: '',
      tags: {
        ...origin.tags,
        'benchtop.pulled.from': origin.address,
        'benchtop.pulled.version': `${origin.name}/${origin.version}`,
        ...(origin.runId === null ? {} : { 'benchtop.pulled.run': origin.runId }),
      },
    },
    { ...cause, evidence: { ...cause.evidence, pulled: origin } },
  );
  return versionId(name, number);
}
