import { mkdirSync, readdirSync, rmSync, symlinkSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { BenchtopError } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';
import type { Objects } from '../objects/index.ts';
import type { Manifest } from './manifest.ts';
import { cancelled } from './walk-data.ts';

const filesPerBatch = 4000;

/**
 * Writes a version into a folder that is new or empty; what is there is never written over. When it fails half-way, what it
 * has made is taken away again.
 * @returns where it lies: the folder, or the file of a single one.
 * @throws {BenchtopError} `already-exists`, `invalid-input`, `damaged-object`, `disk-full`, `cancelled`.
 */
export async function checkoutVersion(
  objects: Objects,
  manifest: Manifest,
  destination: string,
  options: {
    signal: AbortSignal;
    onProgress: (done: { files: number; bytes: number; ofFiles: number }) => void;
  },
): Promise<string> {
  if (!isAbsolute(destination))
    throw new BenchtopError({ code: 'invalid-input', what: `${destination} is not an absolute path.` });
  for (const { path } of manifest.entries) refuseEscape(path);
  const wasThere = refuseOccupied(destination);
  const files = manifest.entries.filter((entry) => entry.kind !== 'link');
  try {
    const folders = new Set(manifest.entries.map(({ path }) => dirname(join(destination, path))));
    mkdirSync(destination, { recursive: true });
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    let bytes = 0;
    for (let from = 0; from < files.length; from += filesPerBatch) {
      if (options.signal.aborted) throw cancelled();
      const batch = files.slice(from, from + filesPerBatch);
      await objects.writeFiles(
        batch.map(({ objectId, path, kind }) => ({
          objectId,
          path: join(destination, path),
          mode: kind === 'program' ? 0o755 : 0o644,
        })),
        {
          signal: options.signal,
          onProgress: (done) =>
            options.onProgress({
              files: from + done.files,
              bytes: bytes + done.bytes,
              ofFiles: files.length,
            }),
        },
      );
      for (const { sizeBytes } of batch) bytes += sizeBytes;
    }
    // Last, so that nothing is ever written through a link.
    for (const entry of manifest.entries)
      if (entry.kind === 'link') symlinkSync(entry.target, join(destination, entry.path));
  } catch (error) {
    removeMade(destination, wasThere);
    throw error;
  }
  const [only] = manifest.entries;
  return manifest.kind === 'file' && only !== undefined ? join(destination, only.path) : destination;
}

/** True when the folder is there and empty. @throws {BenchtopError} `already-exists` when anything is in its place. */
function refuseOccupied(destination: string): boolean {
  let found: string[];
  try {
    found = statSync(destination).isDirectory() ? readdirSync(destination) : ['a file'];
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  if (found.length === 0) return true;
  throw new BenchtopError({
    code: 'already-exists',
    what: `${destination} is not empty, and nothing is written over.`,
    evidence: found.slice(0, 5).join(', '),
    next: 'Name a folder that does not exist yet.',
  });
}

/** A manifest is made from a walk; one that was not must still not reach out of the folder. */
function refuseEscape(path: string): void {
  if (!isAbsolute(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'))
    return;
  throw new BenchtopError({
    code: 'invalid-input',
    what: `The version names a path that leaves it: ${path}`,
  });
}

function removeMade(destination: string, wasThere: boolean): void {
  if (!wasThere) return rmSync(destination, { recursive: true, force: true });
  for (const name of readdirSync(destination))
    rmSync(join(destination, name), { recursive: true, force: true });
}
