import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { z } from 'zod';
import { BenchtopError } from '../../../contract/index.ts';
import type { Link, LinkRequest } from '../link/http-link.ts';
import { SendFailure, unlessMissing, type FailureKind } from '../link/send-failure.ts';
import { integer } from './wire-value.ts';

/** Asks a server with JSON, and reads its JSON. @throws {SendFailure} @throws {BenchtopError} `unsupported` for another answer. */
export type Call = <T extends z.ZodType>(
  request: Omit<LinkRequest, 'json' | 'path'> & { path: string; json?: unknown },
  answer: T,
) => Promise<z.output<T>>;

/** A file at least so large goes in parts, and comes in pieces, where a server has that: of a smaller one little is lost by a cut. */
export const largeFileBytes = 16 * 1024 * 1024;

/** So often in a row, with no byte in between, a file that is being read may be cut off. */
const mostCuts = 3;

const files = z.object({
  files: z
    .array(z.object({ path: z.string(), is_dir: z.boolean().default(false), file_size: integer.default(0) }))
    .default([]),
});

const serverInfo = z.object({
  multipart_uploads_enabled: z.boolean().nullable().default(null),
  multipart_downloads_enabled: z.boolean().default(false),
});

const headers = z.record(z.string(), z.string()).default({});

/** Where the parts of a file go: MLflow's `CreateMultipartUpload` (mlflow_artifacts.proto). Azure has no id, and says null. */
const begunUpload = z.object({
  upload_id: z.string().nullable().default(null),
  credentials: z.array(z.object({ url: z.string(), part_number: integer, headers })),
});

const signedDownload = z.object({ url: z.string(), headers });

/** Failures that say nothing of what was asked. */
const mayPass: ReadonlySet<FailureKind> = new Set(['unreachable', 'cut', 'busy']);
const isNo = (error: unknown): boolean =>
  error instanceof BenchtopError && !(error instanceof SendFailure && mayPass.has(error.kind));

const proxy = '/api/2.0/mlflow-artifacts';
const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
const filePath = (path: string): string => `${proxy}/artifacts/${encoded(path)}`;
const partsPath = (step: 'create' | 'complete' | 'abort', path: string): string =>
  `${proxy}/mpu/${step}/${encoded(posix.dirname(path))}`;

/** The files of one MLflow server: through its proxy of artifacts, and, where it signs addresses, straight to its store. */
export function artifactCalls(link: Link, call: Call) {
  /** Asked once; a failure is not remembered. */
  let asked: Promise<z.output<typeof serverInfo>> | null = null;
  const info = () => {
    asked ??= call({ method: 'GET', path: '/api/3.0/mlflow/server-info' }, serverInfo).catch(
      (error: unknown) => {
        // Older ones do not know the question, and something in front of them may know it even less.
        if (isNo(error)) return serverInfo.parse({});
        throw error;
      },
    );
    asked.catch(() => (asked = null));
    return asked;
  };

  /** What lies directly below a folder of the proxy; nothing where there is no such folder. */
  async function entries(folder: string): Promise<{ name: string; isFolder: boolean; sizeBytes: number }[]> {
    const path = `${proxy}/artifacts?${new URLSearchParams({ path: folder }).toString()}`;
    const found = await unlessMissing(call({ method: 'GET', path }, files));
    return (found?.files ?? []).map((file) => ({
      name: file.path.slice(file.path.lastIndexOf('/') + 1),
      isFolder: file.is_dir,
      sizeBytes: file.file_size,
    }));
  }

  /** A file from its first byte to its last: a large one straight from the store, where the server signs that. */
  async function* readFile(path: string, sizeBytes: number): AsyncGenerator<Buffer> {
    const isSigned = sizeBytes >= largeFileBytes && (await info()).multipart_downloads_enabled;
    if (isSigned && (yield* readSigned(path))) return;
    yield* link.bytes(filePath(path));
  }

  /** A file from the store; cut off, it goes on where it was. Returns false, with nothing read, where that cannot be. */
  async function* readSigned(path: string): AsyncGenerator<Buffer, boolean> {
    let at = 0;
    for (let cuts = 0; ;) {
      try {
        const place = await call(
          { method: 'GET', path: `${proxy}/presigned/${encoded(path)}` },
          signedDownload,
        );
        for await (const part of link.bytesSigned(place, at)) {
          at += part.length;
          cuts = 0;
          yield part;
        }
        return true;
      } catch (error) {
        const isCut = error instanceof SendFailure && error.kind === 'cut' && ++cuts < mostCuts;
        if (isCut) continue;
        // A store that only the server can reach, or one that does not take this address.
        if (at === 0) return false;
        throw error;
      }
    }
  }

  /** A step of a file in parts. */
  const partsStep = <T extends z.ZodType>(
    step: 'create' | 'complete' | 'abort',
    path: string,
    more: object,
    answer: T,
  ) =>
    call(
      { method: 'POST', path: partsPath(step, path), json: { path: posix.basename(path), ...more } },
      answer,
    );

  return {
    /** Whether large files may go in parts, straight to its store; null where it says nothing of that. */
    takesParts: async (): Promise<boolean | null> => (await info()).multipart_uploads_enabled,
    /** Files directly below a folder of the proxy, by name. */
    files: async (folder: string): Promise<Map<string, number>> =>
      new Map(
        (await entries(folder))
          .filter(({ isFolder }) => !isFolder)
          .map((file) => [file.name, file.sizeBytes]),
      ),
    entries,
    putFile: (path: string, body: NonNullable<LinkRequest['body']>, onSent: (bytes: number) => void) =>
      link.text({ method: 'PUT', path: filePath(path), body, onSent }),
    /** Begins a file in parts: the server signs an address for each. */
    beginParts: (path: string, parts: number) => partsStep('create', path, { num_parts: parts }, begunUpload),
    completeParts: (
      path: string,
      uploadId: string,
      parts: readonly { part_number: number; etag: string; url: string }[],
    ) => partsStep('complete', path, { upload_id: uploadId, parts }, z.unknown()),
    /** The store forgets the parts that it has. */
    abortParts: (path: string, uploadId: string) =>
      partsStep('abort', path, { upload_id: uploadId }, z.unknown()),
    putPart: link.putSigned,
    readFile,
    /** sha256 and size of a file, read again from its first byte to its last. */
    async hashFile(path: string, expectedBytes: number): Promise<{ sha256: string; sizeBytes: number }> {
      const hash = createHash('sha256');
      let sizeBytes = 0;
      for await (const part of readFile(path, expectedBytes)) {
        hash.update(part);
        sizeBytes += part.length;
      }
      return { sha256: hash.digest('hex'), sizeBytes };
    },
  };
}
