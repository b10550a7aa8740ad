import { Readable } from 'node:stream';
import {
  entriesBelow,
  fileAt,
  loggedModelById,
  proxiedPath,
  putFileAt,
  removeFilesAt,
} from '../tracking/index.ts';
import type { Call, Endpoint } from './endpoint.ts';
import { endpoint } from './endpoint.ts';
import { shape, string } from './message.ts';
import { missing, MlflowError } from './mlflow-error.ts';
import { safePath } from './names.ts';
import { runOf } from './run-lookup.ts';
import { byRunId } from './runs.ts';

const proxyPath = 'mlflow-artifacts/artifacts';

/** The files directly below a folder of what a URI roots, with paths that begin at that root. */
function filesOf({ rooms }: Call, rootUri: string, folder: string): object {
  const root = proxiedPath(rootUri);
  // Files at a location of the user's own are reached by the client itself, not through this server.
  const entries =
    root === null
      ? []
      : rooms.store.now((db) => entriesBelow(db, folder === '' ? root : `${root}/${folder}`));
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
    ({ run_id, run_uuid = '', path = '' }, call) => {
      const folder = safePath(path);
      const run = call.rooms.store.now((db) => runOf(db, run_id || run_uuid));
      return { root_uri: run.artifactUri, ...filesOf(call, run.artifactUri, folder) };
    },
  ),
  endpoint(
    'GET',
    'logged-models/:model_id/artifacts/directories',
    shape({ model_id: string, artifact_directory_path: string, page_token: string }, ['model_id']),
    ({ model_id, artifact_directory_path = '' }, call) => {
      const folder = safePath(artifact_directory_path);
      const model = call.rooms.store.now((db) => loggedModelById(db, model_id));
      if (model === undefined || model.isDeleted)
        throw missing(`Logged model with ID '${model_id}' not found.`);
      return { root_uri: model.artifactLocation, ...filesOf(call, model.artifactLocation, folder) };
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
      const { objectId, sizeBytes } = await rooms.objects.putStream(bodyOf(request));
      await rooms.tracking.record('putArtifact', (db) => {
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
  const range = rangeOf(request.headers.get('range'), file.sizeBytes);
  const headers = {
    'content-type': 'application/octet-stream',
    'content-disposition': attachment(path.slice(path.lastIndexOf('/') + 1)),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
    etag: `"${file.objectId}"`,
  };
  if (range === 'unsatisfiable')
    return new Response(null, {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${file.sizeBytes}` },
    });
  const { body } = await rooms.objects.stream(file.objectId, range ?? undefined);
  const length = range === null ? file.sizeBytes : range.end - range.start + 1;
  return new Response(Readable.toWeb(body) as ReadableStream<Uint8Array>, {
    status: range === null ? 200 : 206,
    headers: {
      ...headers,
      'content-length': String(length),
      ...(range === null ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${file.sizeBytes}` }),
    },
  });
}

/** One range of bytes, both ends included (RFC 9110, 14.1.2); null for the whole file, also when several are asked for. */
function rangeOf(
  header: string | null,
  sizeBytes: number,
): { start: number; end: number } | null | 'unsatisfiable' {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  return start > end ? 'unsatisfiable' : { start, end };
}

/** RFC 6266, with RFC 5987's form for names beyond ASCII. */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_');
  return plain === name
    ? `attachment; filename="${name}"`
    : `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
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
