import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { z } from 'zod';
import type { Outcome } from '../carrier.ts';
import { knownRemoteId, remoteIdIn } from '../delivery-context.ts';
import { SendFailure } from '../link/send-failure.ts';
import { largeFileBytes } from './artifact-calls.ts';
import { loggedModelById } from '../../tracking/index.ts';
import type { ErrandContext } from './errand-context.ts';
import type { OperationRow } from '../outbox/delivery-rows.ts';
import { deleteUpload, uploadOf } from '../outbox/upload-rows.ts';
import { rewriteReferences } from './rewrite-references.ts';
import { remoteFolder } from './send-model.ts';
import { hasPlainName, sendParts } from './send-parts.ts';

/** One file of a run, or of a model that the run logged. */
export const fileDetail = z.object({
  path: z.string(),
  objectId: z.string(),
  sizeBytes: z.number(),
  modelId: z.string().nullable(),
  /** Why it does not go in parts, once that was tried. */
  wholeBecause: z.string().optional(),
});

/** What was read back of a file. */
export interface FileProof {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly notices: readonly string[];
}

/** What is at the server, asked once for each folder. */
export interface RemoteFiles {
  sizeAt(path: string): Promise<number | undefined>;
  folderOf(modelId: string | null): Promise<string>;
}

export function createRemoteFiles(context: ErrandContext): RemoteFiles {
  const folders = new Map<string, Promise<Map<string, number>>>();
  const roots = new Map<string | null, Promise<string>>();
  return {
    async sizeAt(path) {
      const folder = posix.dirname(path);
      let files = folders.get(folder);
      if (files === undefined) folders.set(folder, (files = context.remote.files(folder)));
      return (await files).get(posix.basename(path));
    },
    folderOf(modelId) {
      let root = roots.get(modelId);
      if (root === undefined) roots.set(modelId, (root = remoteFolder(context, modelId)));
      return root;
    },
  };
}

/** Larger files are not looked through for references. */
const rewrittenBytes = 1024 * 1024;

/**
 * Sends a file unless one of its size is there, and reads it back: only the same sha256 counts. What is there with another
 * content is replaced: the folder is our run's own.
 */
export async function sendFile(
  context: ErrandContext,
  operation: OperationRow,
  files: RemoteFiles,
): Promise<Outcome> {
  const { store, remote, progress } = context;
  const file = fileDetail.parse(operation.detail);
  const content = await contentOf(context, file);
  const path = `${await files.folderOf(file.modelId)}/${file.path}`;
  const proof = { path: operation.subject, sizeBytes: content.sizeBytes, sha256: content.sha256 };
  if ((await files.sizeAt(path)) === content.sizeBytes) {
    const there = await remote.hashFile(path, content.sizeBytes);
    if (there.sha256 === content.sha256) {
      progress.done(file.sizeBytes);
      // Its parts were put together, and the answer to that was lost.
      const upload = store.now((db) => uploadOf(db, operation.id));
      if (upload !== undefined) await store.write('sync.uploaded', (db) => deleteUpload(db, upload.id));
      return verified({ ...proof, notices: noticesOf(operation.subject, file.wholeBecause ?? null) });
    }
  }
  const wholeBecause = await sendPartsOf(context, operation, { ...file, path });
  if (wholeBecause !== null)
    await remote.putFile(path, { stream: content.stream(), sizeBytes: content.sizeBytes }, (bytes) => {
      progress.sent(bytes);
      progress.done(bytes);
    });
  await progress.allSent();
  const there = await remote.hashFile(path, content.sizeBytes);
  if (there.sha256 === content.sha256)
    return verified({ ...proof, notices: noticesOf(operation.subject, wholeBecause) });
  // A byte that fell over on the way: the next attempt sends it again.
  throw new SendFailure('failed', {
    code: 'damaged-object',
    what: `${operation.subject} does not come back from the target as it was sent.`,
    evidence: `sent ${content.sizeBytes} bytes, sha256 ${content.sha256}; read ${there.sizeBytes} bytes, ${there.sha256}`,
  });
}

const verified = (proof: FileProof): Outcome => ({ kind: 'verified', proof });

/** Nothing is to be told of a file that is too small for parts. */
const noticesOf = (subject: string, wholeBecause: string | null): string[] =>
  wholeBecause === null || wholeBecause === ''
    ? []
    : [`${subject} went whole, not in parts: ${wholeBecause}`];

/** Sends a large file in parts. Returns null when it is there; else why it goes whole, '' where there is nothing to tell. */
async function sendPartsOf(
  context: ErrandContext,
  { id: operation }: OperationRow,
  { path, objectId, sizeBytes, wholeBecause }: z.infer<typeof fileDetail>,
): Promise<string | null> {
  const isFit = sizeBytes >= largeFileBytes && context.facts.takesParts !== false && hasPlainName(path);
  if (!isFit || wholeBecause !== undefined) return wholeBecause ?? '';
  return sendParts(context, { operation, path, objectId, sizeBytes });
}

interface Content {
  readonly sizeBytes: number;
  readonly sha256: string;
  stream(): AsyncIterable<Uint8Array>;
}

/** The bytes as they are stored; of an `MLmodel` with the ids that the server gave. */
async function contentOf(context: ErrandContext, file: z.infer<typeof fileDetail>): Promise<Content> {
  const { objects } = context;
  if (posix.basename(file.path) === 'MLmodel' && file.sizeBytes <= rewrittenBytes) {
    const { bytes } = await objects.read(file.objectId, 0, file.sizeBytes);
    const rewritten = Buffer.from(rewrittenModel(context, Buffer.from(bytes).toString('utf8'), file.modelId));
    return {
      sizeBytes: rewritten.length,
      sha256: createHash('sha256').update(rewritten).digest('hex'),
      stream: async function* () {
        yield rewritten;
      },
    };
  }
  return {
    sizeBytes: file.sizeBytes,
    sha256: file.objectId,
    stream: async function* () {
      const { body } = await objects.stream(file.objectId);
      for await (const part of body) yield part as Uint8Array;
    },
  };
}

function rewrittenModel(context: ErrandContext, text: string, modelId: string | null): string {
  const { store, facts } = context;
  const id = modelId ?? /^model_id: (m-[0-9a-f]{32})$/m.exec(text)?.[1];
  const local = id === undefined ? undefined : store.now((db) => loggedModelById(db, id));
  const remoteId = id === undefined || !facts.hasModels ? undefined : remoteIdIn(context, 'model', id);
  if (local === undefined || remoteId === undefined) return rewriteReferences(context, text);
  // The location first: its number of the experiment is ours as well.
  const experimentId =
    remoteIdIn(context, 'experiment', String(local.experiment)) ?? knownRemoteId(context, 'experiment', '0');
  const location = `mlflow-artifacts:/${experimentId}/models/${remoteId}/artifacts`;
  return rewriteReferences(context, text.replaceAll(local.artifactLocation, location));
}
