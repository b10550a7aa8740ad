import { createHash } from 'node:crypto';
import { posix, resolve } from 'node:path';
import { BenchtopError } from '../../../contract/index.ts';
import type { Data, Manifest } from '../../data/index.ts';
import type { Objects } from '../../objects/index.ts';
import { prepared, type Store } from '../../store/index.ts';

/** A file or folder as DVC names it in dvc.lock. */
export interface DvcContent {
  /** Hex; of a folder the md5 of DVC's list of its files. */
  readonly md5: string;
  readonly isFolder: boolean;
  readonly sizeBytes: number;
  readonly fileCount: number;
  /** A single file that may be executed. */
  readonly isProgram: boolean;
}

export interface DvcContentTools {
  readonly store: Store;
  readonly objects: Pick<Objects, 'digestFiles'>;
  readonly data: Pick<Data, 'entriesAt'>;
}

/**
 * What DVC calls the content of a path. A file is read for it once: after that its md5 is known by its sha256. Links in a folder
 * are left out, where DVC follows them.
 * @throws {BenchtopError} as a snapshot, and `conflict` for a file that changed while it was read.
 */
export async function dvcContent(
  { store, objects, data }: DvcContentTools,
  path: string,
  signal: AbortSignal,
): Promise<DvcContent> {
  const manifest = await data.entriesAt(path, signal);
  const files = manifest.entries.flatMap((entry) => (entry.kind === 'link' ? [] : [entry]));
  const base = manifest.kind === 'file' ? posix.dirname(path) : path;
  const placeOf = (name: string) => (manifest.kind === 'file' ? path : resolve(base, name));
  const known = store.now((db) =>
    files.map(
      ({ objectId }) =>
        prepared(db, 'SELECT md5 FROM content_md5 WHERE object_id = ?').pluck().get(objectId) as
          | string
          | undefined,
    ),
  );
  const unknown = files.flatMap((file, at) => (known[at] === undefined ? [{ file, at }] : []));
  const read = await objects.digestFiles(
    unknown.map(({ file }) => placeOf(file.path)),
    signal,
  );
  for (const [index, { file, at }] of unknown.entries()) {
    const digests = read[index];
    if (digests?.objectId !== file.objectId)
      throw new BenchtopError({
        code: 'conflict',
        what: `${placeOf(file.path)} was written to while it was read.`,
        next: 'Try again when nothing writes to it.',
      });
    known[at] = digests.md5;
  }
  if (unknown.length > 0 && store.readOnlyReason === null)
    await store.write('pipelines.md5', (db) => {
      const insert = prepared(db, 'INSERT OR IGNORE INTO content_md5 (object_id, md5) VALUES (?, ?)');
      for (const { file, at } of unknown) insert.run(file.objectId, known[at]);
    });
  return contentOf(
    manifest.kind,
    files.map((file, at) => ({ ...file, md5: known[at] ?? '' })),
  );
}

function contentOf(
  kind: Manifest['kind'],
  files: readonly {
    readonly kind: string;
    readonly path: string;
    readonly sizeBytes: number;
    readonly md5: string;
  }[],
): DvcContent {
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const [only] = files;
  if (kind === 'file' && only !== undefined)
    return { md5: only.md5, isFolder: false, sizeBytes, fileCount: 1, isProgram: only.kind === 'program' };
  const list = files.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  // As Python's json writes it.
  const text = list.map(({ md5, path }) => `{"md5": "${md5}", "relpath": ${asciiJson(path)}}`).join(', ');
  return {
    md5: createHash('md5').update(`[${text}]`).digest('hex'),
    isFolder: true,
    sizeBytes,
    fileCount: list.length,
    isProgram: false,
  };
}

const asciiJson = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
