import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Store } from '../../store/index.ts';
import { SendFailure } from '../link/send-failure.ts';
import {
  abandonUpload,
  deleteUpload,
  insertUpload,
  leftUploads,
  noteCompletion,
  noteMishap,
  notePart,
  noteWhole,
  partsOf,
  uploadOf,
  type Upload,
  type UploadPart,
} from '../outbox/upload-rows.ts';
import type { Target } from '../targets.ts';
import type { ErrandContext } from './errand-context.ts';
import type { Remote } from './remote.ts';

/** What a cut costs at most. S3 takes no part below 5 MiB. */
const usualPartBytes = 8 * 1024 * 1024;
/** S3 takes no more parts of one file (docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html). */
const mostParts = 10_000;
/** So often the store may be out of reach, or the time of its addresses run out, until the file goes whole. */
const mostMishaps = 3;
/** So often the server may break down over putting the same parts together, until they are taken for gone. */
const mostCompletions = 3;

/** One large file on its way. */
export interface LargeFile {
  readonly operation: number;
  /** Below the server's proxy of artifacts. */
  readonly path: string;
  readonly objectId: string;
  readonly sizeBytes: number;
}

/**
 * Sends a file in parts, straight to where the server keeps its files, with the addresses that it signs for that; parts that are there are
 * not sent again. Each goes with its MD5 (RFC 1864), which the store holds it against. Returns null when the server has put them together, or
 * why the file has to go whole. The calls are those of MLflow's own client (mlflow/store/artifact/http_artifact_repo.py).
 * @throws {SendFailure} when the line breaks: the next attempt goes on with the next part.
 */
export async function sendParts(context: ErrandContext, file: LargeFile): Promise<string | null> {
  const { store, progress } = context;
  for (;;) {
    const begun = await beginUpload(context, file);
    if (typeof begun === 'string') return giveUp(context, file, begun);
    const upload = begun;
    const parts = store.now((db) => partsOf(db, upload.id));
    let there = parts.filter(({ etag }) => etag !== null).length;
    for (const part of parts) if (part.etag !== null) progress.done(lengthOf(file, upload, part));
    try {
      for (const part of parts) {
        if (part.etag !== null) continue;
        await sendPart(context, file, upload, part);
        there++;
      }
    } catch (error) {
      const mishap = mishapOf(error, there > 0);
      if (mishap === null) throw error;
      const mishaps = await store.write('sync.mishap', (db) => noteMishap(db, file.operation));
      if (mishap.isFinal || mishaps >= mostMishaps) {
        await endUpload(context, upload);
        return giveUp(context, file, mishap.what);
      }
      if (mishap.failure !== null) throw mishap.failure;
      await endUpload(context, upload);
      continue;
    }
    await complete(context, upload);
    return null;
  }
}

/** The upload that an earlier attempt began, or a new one; a text says why there is none. */
async function beginUpload(context: ErrandContext, file: LargeFile): Promise<Upload | string> {
  const { store, remote, target } = context;
  const known = store.now((db) => uploadOf(db, file.operation));
  if (known?.objectId === file.objectId && known.path === file.path) return known;
  if (known !== undefined) await endUpload(context, known);
  const partBytes = Math.max(usualPartBytes, Math.ceil(file.sizeBytes / mostParts));
  const count = Math.ceil(file.sizeBytes / partBytes);
  let begun: Awaited<ReturnType<Remote['beginParts']>>;
  try {
    begun = await remote.beginParts(file.path, count);
  } catch (error) {
    const isNo = error instanceof SendFailure && (error.kind === 'refused' || error.kind === 'failed');
    if (isNo) return error.message;
    throw error;
  }
  const parts = begun.credentials
    .map(({ part_number: number, url, headers }) => ({ number, url, headers }))
    .toSorted((a, b) => a.number - b.number);
  const uploadId = begun.upload_id ?? '';
  await store.write('sync.upload', (db) =>
    insertUpload(
      db,
      {
        target: target.id,
        operation: file.operation,
        path: file.path,
        uploadId,
        objectId: file.objectId,
        partBytes,
      },
      parts,
    ),
  );
  const upload = store.now((db) => uploadOf(db, file.operation));
  if (upload === undefined) throw new Error('The upload was not kept.');
  if (parts.length === count && parts.every(({ number }, index) => number === index + 1)) return upload;
  await endUpload(context, upload);
  return `it signed ${parts.length} parts, and ${count} were asked for`;
}

const lengthOf = (file: LargeFile, { partBytes }: Upload, { number }: UploadPart): number =>
  Math.min(partBytes, file.sizeBytes - (number - 1) * partBytes);

async function sendPart(
  { store, objects, remote, progress }: ErrandContext,
  file: LargeFile,
  upload: Upload,
  part: UploadPart,
): Promise<void> {
  const { bytes } = await objects.read(
    file.objectId,
    (part.number - 1) * upload.partBytes,
    lengthOf(file, upload, part),
  );
  const md5 = createHash('md5').update(bytes).digest('base64');
  const place = { url: part.url, headers: { ...part.headers, 'content-md5': md5 } };
  const answer = await remote
    .putPart(place, bytes, (sent) => {
      progress.sent(sent);
      progress.done(sent);
    })
    .catch((error: unknown) => {
      throw isDamaged(error) ? new SendFailure('failed', error.toShape(), { cause: error }) : error;
    });
  await store.write('sync.part', (db) => notePart(db, upload.id, part.number, answer.etag ?? ''));
  progress.arrived();
}

/** A byte that fell over on the way: the store's no is for this time only. */
const isDamaged = (error: unknown): error is SendFailure =>
  error instanceof SendFailure && /BadDigest|Md5Mismatch/.test(error.evidence ?? '');

interface Mishap {
  /** Why the file goes whole, should it come to that. */
  readonly what: string;
  /** It will be so again. */
  readonly isFinal: boolean;
  /** What the attempt ends with; null where it goes on at once, with new addresses. */
  readonly failure: SendFailure | null;
}

/** What went wrong with the store, apart from the server and the line to it; null for what the next attempt may simply go on after. */
function mishapOf(error: unknown, hasParts: boolean): Mishap | null {
  if (!(error instanceof SendFailure) || error.kind === 'cut' || error.kind === 'busy') return null;
  if (error.kind === 'unreachable' || error.kind === 'failed') {
    if (hasParts) return null;
    // The server answered a moment ago. A store may have a name that only the server's own network knows.
    const failure =
      error.kind === 'failed' ? error : new SendFailure('cut', error.toShape(), { cause: error });
    return { what: error.message, isFinal: false, failure };
  }
  // Parts were taken before: the time of the addresses is over, or the store has forgotten what was begun.
  return { what: error.message, isFinal: !hasParts, failure: null };
}

/** Asks the server to put the parts together. */
async function complete(context: ErrandContext, upload: Upload): Promise<void> {
  const { store, remote } = context;
  await store.write('sync.complete', (db) => noteCompletion(db, upload.id));
  const parts = store.now((db) => partsOf(db, upload.id));
  try {
    await remote.completeParts(
      upload.path,
      upload.uploadId,
      parts.map(({ number, etag, url }) => ({ part_number: number, etag: etag ?? '', url })),
    );
  } catch (error) {
    const isNo = error instanceof SendFailure && (error.kind === 'refused' || error.kind === 'failed');
    if (!isNo) throw error;
    if (upload.completions + 1 >= mostCompletions) await endUpload(context, upload);
    // It is no word against the file, which was taken part by part.
    throw new SendFailure('failed', error.toShape(), { cause: error });
  }
  await store.write('sync.uploaded', (db) => deleteUpload(db, upload.id));
}

/** The file goes whole from now on, however often it is tried. */
async function giveUp({ store }: ErrandContext, { operation }: LargeFile, because: string): Promise<string> {
  await store.write('sync.whole', (db) => noteWhole(db, operation, because));
  return because;
}

/** Nobody sends it any more: the server is asked to forget it, later where that cannot be now. */
async function endUpload(context: Pick<ErrandContext, 'store' | 'remote'>, upload: Upload): Promise<void> {
  const { store, remote } = context;
  await store.write('sync.abandon', (db) => abandonUpload(db, upload.id));
  try {
    await remote.abortParts(upload.path, upload.uploadId);
  } catch (error) {
    const isHeard = error instanceof SendFailure && (error.kind === 'refused' || error.kind === 'failed');
    if (!isHeard) throw error;
    // It says no where there is nothing to forget.
  }
  await store.write('sync.ended', (db) => deleteUpload(db, upload.id));
}

/** Ends what was begun at a target and is not sent any more. @throws {SendFailure} where it cannot be reached. */
export async function endLeftUploads(
  rooms: { store: Store; remote: Remote },
  { id }: Pick<Target, 'id'>,
): Promise<void> {
  for (const upload of rooms.store.now((db) => leftUploads(db, id))) await endUpload(rooms, upload);
}

/** MLflow's server takes the last part of this for the name of the file, in its own way: others would get another one. */
export const hasPlainName = (path: string): boolean => !/[\\%:]/.test(posix.basename(path));
