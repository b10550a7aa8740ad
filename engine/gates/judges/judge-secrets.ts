import { secretsIn } from '../../source/index.ts';
import { evidence, type JudgedFile, type Judgement } from '../judged-version.ts';

/** Longer files are no text that a person wrote, and files beyond these many are counted. */
const textBytesAtMost = 1024 * 1024;
const filesAtMost = 500;

/**
 * Does a file of the model, or one that its run left, hold what looks like a secret? Texts are read; what is none is passed over.
 * @param read the bytes of a stored file.
 */
export async function judgeSecrets(
  files: readonly JudgedFile[],
  read: (objectId: string, sizeBytes: number) => Promise<Uint8Array>,
  signal: AbortSignal,
): Promise<Judgement> {
  const readable = files.filter(
    ({ objectId, sizeBytes }) => objectId !== null && sizeBytes <= textBytesAtMost,
  );
  const found: string[] = [];
  let textCount = 0;
  for (const { path, objectId, sizeBytes } of readable.slice(0, filesAtMost)) {
    signal.throwIfAborted();
    const text = textOf(await read(objectId ?? '', sizeBytes));
    if (text === null) continue;
    textCount++;
    for (const { kind, line } of secretsIn(text)) found.push(`${path}, line ${line}: ${kind}`);
  }
  if (found.length > 0)
    return {
      state: 'failed',
      what: `${found.length} places look like secrets, the first in ${found[0] ?? ''}.`,
      evidence: found.slice(0, 20).map((each) => evidence(each)),
      next: 'Take the secret back where it was given out, and train again without it.',
    };
  const unread = files.length - Math.min(readable.length, filesAtMost);
  if (files.length === 0)
    return { state: 'could not judge', what: 'None of its files is stored here, so none was read.' };
  return {
    state: 'passed',
    what: `No secret was found in ${textCount} texts among ${files.length} files${unread === 0 ? '' : `; ${unread} files are large or lie elsewhere, and were not read`}.`,
  };
}

/** Null for what is no UTF-8 text. */
function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null; // another encoding, or no text
  }
}
