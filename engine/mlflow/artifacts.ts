import type Database from 'better-sqlite3';
import { objectResponse } from '../objects/index.ts';
import {
  entriesBelow,
  fileAt,
  isTaken,
  localEntries,
  localFolder,
  loggedModelById,
  proxiedPath,
  putFileAt,
  removeFilesAt,
} from '../tracking/index.ts';
import type { Call, Endpoint } from './endpoint.ts';
import { endpoint } from './endpoint.ts';
import { shape, string } from './message.ts';
import { invalid, missing, MlflowError } from './mlflow-error.ts';
import { safePath } from './names.ts';
import { runOf } from './run-lookup.ts';
import { byRunId } from './runs.ts';

const proxyPath = 'mlflow-artifacts/artifacts';

/** The files directly below a folder of what a URI roots, with paths that begin at that root. */
async function filesOf({ rooms }: Call, rootUri: string, folder: string): Promise<object> {
  const root = proxiedPath(rootUri);
  const local = localFolder(rootUri);
  const entries =
    root !== null
      ? rooms.store.now((db) => entriesBelow(db, folder === '' ? root : `${root}/${folder}`))
      : local !== null
        ? await localEntries(local, folder)
        : []; // elsewhere: reached by the client itself, not through this server
  return entries.length === 0
    ? {}
    : { files: entries.map((entry) => fileJson(entry, folder === '' ? '' : `${folder}/`)) };
}

const fileJson = (
  { name, isFolder, sizeBytes }: { name: string; isFolder: boolean; sizeBytes: number },
  prefix: string,
) => ({ path: prefix + name, is_dir: isFolder, ...(isFolder ? {} : { file_size: sizeBytes }) });

export const artifactEndpoints: readonly Endpoint[] = [
  endpoint(
    'GET',
    'artifacts/list',
    shape({ ...byRunId, path: string, page_token: string }, ['run_id']),
    async ({ run_id, run_uuid = '', path = '' }, call) => {
      const folder = safePath(path);
      const run = call.rooms.store.now((db) => runOf(db, run_id || run_uuid));
      return { root_uri: run.artifactUri, ...(await filesOf(call, run.artifactUri, folder)) };
    },
  ),
  endpoint(
    'GET',
    'logged-models/:model_id/artifacts/directories',
    shape({ model_id: string, artifact_directory_path: string, page_token: string }, ['model_id']),
    async ({ model_id, artifact_directory_path = '' }, call) => {
      const folder = safePath(artifact_directory_path);
      const model = call.rooms.store.now((db) => loggedModelById(db, model_id));
      if (model === undefined || model.isDeleted)
        throw missing(`Logged model with ID '${model_id}' not found.`);
      return {
        root_uri: model.artifactLocation,
        ...(await filesOf(call, model.artifactLocation, folder)),
      };
    },
  ),
];

/** The artifact proxy: whatever lies below `mlflow-artifacts:/`, kept as objects by their hash. */
export const proxyEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: proxyPath,
    async answer({ rooms, request }) {
      const folder = safePath(new URL(request.url).searchParams.get('path') ?? '');
      const entries = rooms.store.now((db) => entriesBelow(db, folder));
      return Response.json(
        entries.length === 0 ? {} : { files: entries.map((entry) => fileJson(entry, '')) },
      );
    },
  },
  {
    method: 'GET',
    path: `${proxyPath}/*`,
    answer: download,
  },
  {
    method: 'PUT',
    path: `${proxyPath}/*`,
    async answer({ rooms, request }) {
      const path = filePath(request);
      const refuseTaken = (db: Database.Database) => {
        if (isTaken(db, path))
          throw invalid(`'${path}' cannot be a file: there is a folder, or a file where it needs a folder.`);
      };
      rooms.store.now(refuseTaken);
      const { objectId, sizeBytes } = await rooms.objects.putStream(bodyOf(request));
      await rooms.tracking.record('putArtifact', (db) => {
        refuseTaken(db);
        const runId = putFileAt(db, path, { objectId, sizeBytes });
        return { value: null, runIds: runId === null ? [] : [runId] };
      });
      return new Response(null, { status: 200 });
    },
  },
  {
    method: 'DELETE',
    path: `${proxyPath}/*`,
    async answer({ rooms, request }) {
      const path = filePath(request);
      await rooms.tracking.record('deleteArtifact', (db) => {
        const { runId } = removeFilesAt(db, path);
        return { value: null, runIds: runId === null ? [] : [runId] };
      });
      return Response.json({});
    },
  },
];

/** The path behind the proxy's own, checked. @throws {MlflowError} when it is unsafe or names no file. */
function filePath(request: Request): string {
  const { pathname } = new URL(request.url);
  const path = safePath(pathname.slice(pathname.indexOf(`${proxyPath}/`) + proxyPath.length + 1));
  if (path === '') throw new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid path');
  return path;
}

async function download({ rooms, request }: Call): Promise<Response> {
  const path = filePath(request);
  const file = rooms.store.now((db) => fileAt(db, path));
  if (file === undefined) throw missing(`No such artifact: '${path}'`);
  return objectResponse(rooms.objects, request, {
    objectId: file.objectId,
    name: path.slice(path.lastIndexOf('/') + 1),
  });
}

/** A body as it comes in; one that ends early is the client's mistake, not the engine's. */
async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  try {
    yield* request.body as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'The upload ended before it was complete.', {
      cause: error,
    });
  }
}
