import { BenchtopError, type Artifact } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { localBytes, localEntries, localFolder } from './local-artifacts.ts';
import { recordedRunById } from './recorded-run.ts';
import { runNumber } from './writes.ts';

/**
 * The direct children of a folder of a run's artifacts, folders first: what is stored here, deeper files summed up as
 * folders, and what a client wrote to a location of its own on this machine.
 */
export async function artifactsOf(store: Store, runId: string, folder: string): Promise<Artifact[]> {
  const children = storedChildren(store, runId, folder);
  const root = localRootOf(store, runId);
  if (root !== null) {
    for (const { name, isFolder, sizeBytes } of await localEntries(root, relative(folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (!children.has(path)) children.set(path, { path, isFolder, sizeBytes, objectId: null });
    }
  }
  return [...children.values()].toSorted(
    (a, b) => Number(b.isFolder) - Number(a.isFolder) || a.path.localeCompare(b.path),
  );
}

function storedChildren(store: Store, runId: string, folder: string): Map<string, Artifact> {
  const prefix = folder === '' ? '' : `${folder}/`;
  const rows = store.now((db) =>
    db
      .prepare(
        'SELECT path, object_id, size_bytes FROM artifact WHERE run = ? AND substr(path, 1, ?) = ? ORDER BY path LIMIT 100000',
      )
      .all(runNumber(db, runId), prefix.length, prefix),
  ) as { path: string; object_id: string; size_bytes: number }[];
  const children = new Map<string, Artifact>();
  for (const row of rows) {
    const rest = row.path.slice(prefix.length);
    const slash = rest.indexOf('/');
    const path = prefix + (slash < 0 ? rest : rest.slice(0, slash));
    const known = children.get(path);
    children.set(path, {
      path,
      isFolder: slash >= 0,
      sizeBytes: (known?.sizeBytes ?? 0) + row.size_bytes,
      objectId: slash < 0 ? row.object_id : null,
    });
  }
  return children;
}

/**
 * Bytes of a file that a client wrote to its run's location on this machine.
 * @throws {BenchtopError} `not-found`, also for a path that leads out of the location.
 */
export async function artifactBytes(
  store: Store,
  { runId, path }: { runId: string; path: string },
  offset: number,
  limit: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; sizeBytes: number }> {
  const root = localRootOf(store, runId);
  const found = root === null ? null : await localBytes(root, relative(path), offset, limit);
  if (found === null)
    throw new BenchtopError({
      code: 'not-found',
      what: `The run ${runId} has no file ${path} on this machine.`,
    });
  return found;
}

function localRootOf(store: Store, runId: string): string | null {
  const run = store.now((db) => recordedRunById(db, runId));
  return run === undefined ? null : localFolder(run.artifactUri);
}

/** @throws {BenchtopError} `invalid-input` for a path that climbs, is absolute or means something else to the system. */
function relative(path: string): string {
  if (path.startsWith('/') || /[\\\0]|^[a-z]:/i.test(path) || path.split('/').includes('..'))
    throw new BenchtopError({ code: 'invalid-input', what: `${path} is no path below a run's artifacts.` });
  return path;
}
