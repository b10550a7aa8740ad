import { createHash } from 'node:crypto';
import type { Pull } from '../../../contract/index.ts';
import type { Objects } from '../../objects/index.ts';
import type { Store } from '../../store/index.ts';
import { fileAt, putFileAt } from '../../tracking/index.ts';
import { SendFailure } from '../link/send-failure.ts';
import type { ThereFile } from './team-registry.ts';

/** Where the files of a fetched version are kept, below the proxy of artifacts. */
export const pulledRoot = (pullId: number): string => `pulled/${pullId}`;
export const pulledLocation = (pullId: number): string => `mlflow-artifacts:/${pulledRoot(pullId)}`;

/**
 * Fetches the files that are not here yet, and holds each against what the target has: against the sum that it keeps, or else by
 * reading it there once more. Returns how that was done.
 * @throws {SendFailure} for one that is not as it should be, and where the target cannot be reached.
 */
export async function fetchFiles(
  { store, objects }: { store: Store; objects: Pick<Objects, 'putStream'> },
  pullId: number,
  files: readonly ThereFile[],
  { signal, onBytes }: { signal: AbortSignal; onBytes: (bytes: number) => void },
): Promise<NonNullable<Pull['verifiedBy']>> {
  let isBySums = true;
  for (const file of files) {
    const path = `${pulledRoot(pullId)}/${file.path}`;
    const known = store.now((db) => fileAt(db, path));
    const isKnown =
      known?.sizeBytes === file.sizeBytes && (file.sha256 === null || known.objectId === file.sha256);
    if (known !== undefined && isKnown) {
      onBytes(file.sizeBytes);
      if (file.sha256 !== null) continue;
    }
    isBySums &&= file.sha256 !== null;
    const kept = known !== undefined && isKnown ? known : await fetched(objects, file, signal, onBytes);
    const expected = file.sha256 ?? (await hashOf(file, signal));
    if (kept.objectId !== expected || kept.sizeBytes !== file.sizeBytes)
      throw new SendFailure('failed', {
        code: 'damaged-object',
        what: `${file.path} did not arrive as the target has it.`,
        evidence: `${file.sizeBytes} bytes, sha256 ${expected} there; ${kept.sizeBytes} bytes, ${kept.objectId} here`,
        next: 'Pull it again.',
      });
    await store.write('sync.pulledFile', (db) => putFileAt(db, path, kept));
  }
  return isBySums ? 'sums' : 'second-reading';
}

function fetched(
  objects: Pick<Objects, 'putStream'>,
  file: ThereFile,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
) {
  async function* counted() {
    for await (const part of file.read()) {
      signal.throwIfAborted();
      onBytes(part.length);
      yield part;
    }
  }
  return objects.putStream(counted());
}

async function hashOf(file: ThereFile, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of file.read()) {
    signal.throwIfAborted();
    hash.update(part);
  }
  return hash.digest('hex');
}
