import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BenchtopError } from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import { checkoutVersion } from './checkout-version.ts';
import { manifestText, versionOf, type Manifest, type ManifestEntry } from './manifest.ts';
import { realPath } from './take-snapshot.ts';
import { walkData } from './walk-data.ts';

/**
 * What a path holds now, as the version it would be, with nothing stored or recorded. Null where nothing is, or where a part of it
 * cannot be read.
 * @throws {BenchtopError} `cancelled`.
 */
export async function versionAt(
  objects: Objects,
  asked: string,
  signal: AbortSignal,
): Promise<string | null> {
  let path: string;
  try {
    path = realPath(asked);
  } catch (error) {
    if (error instanceof BenchtopError) return null;
    throw error;
  }
  const walked = await walkData(path, { signal });
  const hashed = await objects.hashFiles(
    walked.files.map((file) => join(walked.base, file.path)),
    { signal },
  );
  const entries: ManifestEntry[] = walked.links.map((link) => ({ kind: 'link', ...link }));
  for (const [index, result] of hashed.entries()) {
    const file = walked.files[index];
    if (file === undefined || 'problem' in result) return null;
    entries.push({ kind: file.isProgram ? 'program' : 'file', path: file.path, ...result });
  }
  const manifest: Manifest = { kind: walked.kind, entries };
  return versionOf(manifest, manifestText(manifest)).version;
}

/**
 * Writes a version to the very path it is read at: a folder, or a single file under a name of its own.
 * @throws {BenchtopError} as `checkoutVersion`.
 */
export async function placeVersion(
  objects: Objects,
  manifest: Manifest,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const [only] = manifest.entries;
  if (manifest.kind === 'folder' || only === undefined || only.kind === 'link') {
    await checkoutVersion(objects, manifest, path, { signal, onProgress: () => undefined });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  const mode = only.kind === 'program' ? 0o755 : 0o644;
  await objects.writeFiles([{ objectId: only.objectId, path, mode }], { signal });
}
