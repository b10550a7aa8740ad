import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Objects } from '../objects/index.ts';
import { checkoutVersion } from './checkout-version.ts';
import type { Manifest } from './manifest.ts';

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
