import { z } from 'zod';
import type { Outcome } from '../carrier.ts';
import { SendFailure } from '../link/send-failure.ts';
import type { OperationRow } from '../outbox/delivery-rows.ts';
import { below, type FolderErrand, type SentFile } from './folder-errand.ts';
import { writeKnown } from './write-file.ts';

/** A stored file and its place in the folder. */
export const folderFileDetail = z.object({
  path: z.string(),
  objectId: z.string(),
  sizeBytes: z.number(),
});

/** Writes one stored file into the folder of its run or version. It is read back when all of them are there. */
export async function putFile(
  { objects, pace, progress }: FolderErrand,
  operation: OperationRow,
  folder: string,
): Promise<Outcome> {
  const { path, objectId, sizeBytes } = folderFileDetail.parse(operation.detail);
  const content = {
    sizeBytes,
    sha256: objectId,
    async *from(offset: number) {
      if (offset >= sizeBytes) return;
      const { body } = await objects.stream(objectId, { start: offset, end: sizeBytes - 1 });
      for await (const part of body) yield part as Uint8Array;
    },
  };
  const isWritten = await writeKnown(below(folder, path), content, async (bytes) => {
    await pace(bytes);
    progress.sent(bytes);
    progress.done(bytes);
  });
  if (!isWritten) progress.done(sizeBytes);
  const proof: SentFile = { path, sizeBytes, sha256: objectId };
  return { kind: 'verified', proof };
}

/** The files that earlier operations put there. */
export const filesOf = (operations: readonly OperationRow[]): SentFile[] =>
  operations.flatMap(({ proof }) => {
    const read = z.object({ path: z.string(), sizeBytes: z.number(), sha256: z.string() }).safeParse(proof);
    return read.success ? [read.data] : [];
  });

/** Whether it was the folder that was set up anew under us: then everything is looked at from the beginning. */
export const goneFromFolder = (what: string, evidence: string): SendFailure =>
  new SendFailure(
    'failed',
    { code: 'damaged-object', what, evidence },
    { remoteCode: 'RESOURCE_DOES_NOT_EXIST' },
  );
