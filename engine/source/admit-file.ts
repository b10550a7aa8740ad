import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { LeftOutReason } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';
import type { StoredObject } from '../objects/index.ts';
import type { FileReader } from './file-reader.ts';
import type { FileMode, WorkingChange } from './repository.ts';
import { secretsIn } from './secret-content.ts';
import { secretByName } from './secret-names.ts';
import { pathBelow, type BytePath } from './shown-path.ts';

/** Above this git is no place for a file. */
export const largeBytes = 5 * 1024 * 1024;
/** Above this a file is only named: keeping it by itself would double what lies on the disk. */
export const keptBytes = 100 * 1024 * 1024;
/** A file of more is data; reading it for tokens would take longer than the run waits for its first line. */
const scannedBytes = 1024 * 1024;

/** Milliseconds UTC. */
export interface FileTimes {
  readonly changedMs: number;
  /** When a file that git does not know was made; null for all others. */
  readonly madeMs: number | null;
}

/** What becomes of one file of the working tree. */
export type Admission =
  | { readonly is: 'in'; readonly mode: FileMode; readonly content: Uint8Array; readonly times: FileTimes }
  /** As it is stored already. */
  | { readonly is: 'stored'; readonly mode: FileMode; readonly id: string }
  | {
      readonly is: 'pointer';
      readonly mode: FileMode;
      readonly stored: StoredObject;
      readonly times: FileTimes;
    }
  | {
      readonly is: 'out';
      readonly reason: LeftOutReason;
      readonly why: string;
      readonly sizeBytes: number | null;
    }
  | { readonly is: 'gone' };

export interface AdmitOptions {
  readonly rootPath: string;
  readonly reader: FileReader;
  /** A new file that was made after this, milliseconds UTC, was in no run's way. */
  readonly lastBeganAt: number;
  /** Stores a large file by content; null when there is no more room for such. */
  readonly keep: (path: BytePath, sizeBytes: number) => Promise<StoredObject | null>;
  /** The content that is committed under an id. */
  readonly committed: (id: string) => Promise<Buffer>;
}

/** Looks at one changed or new file: what it is, whether it may be in a snapshot, and its content, read once. */
export async function admitFile(change: WorkingChange, options: AdmitOptions): Promise<Admission> {
  const { rootPath, reader, lastBeganAt } = options;
  const path = pathBelow(rootPath, change.path);
  try {
    const file = await reader.facts(path);
    if (file.isSymbolicLink())
      return {
        is: 'in',
        mode: '120000',
        content: await reader.link(path),
        times: { changedMs: file.mtimeMs, madeMs: null },
      };
    if (!file.isFile()) return missing(change);
    const times: FileTimes = {
      changedMs: file.mtimeMs,
      madeMs: change.committed === null ? file.birthtimeMs : null,
    };
    if (isLate(times, lastBeganAt)) return out('late', lateWhy, file.size);
    const name = secretByName(change.path);
    if (name !== null) return out('secret', `By its name it is ${name}.`, file.size);
    const mode = change.mode ?? ((file.mode & 0o100) === 0 ? '100644' : '100755');
    if (file.size > largeBytes)
      return await admitLarge(change, { path, mode, sizeBytes: file.size, times }, options);
    const content = await reader.content(path);
    const found = await newSecret(content, change, options);
    if (found !== null) return out('secret', found, file.size);
    if (change.staged !== null) return { is: 'stored', ...change.staged };
    if (await isPointerTo(change, content.length, () => sha256(content), options))
      return { is: 'stored', mode, id: change.committed?.id ?? '' };
    return { is: 'in', mode, content, times };
  } catch (error) {
    if (isMissing(error)) return missing(change);
    if (error instanceof Error && 'code' in error && unreadable.has(String(error.code)))
      return out('unreadable', `It could not be read: ${String(error.code)}.`, null);
    throw error;
  }
}

export const lateWhy = 'It came after the run had begun.';

/** True for a new file that was not there when a run began. */
export const isLate = ({ changedMs, madeMs }: FileTimes, beganAt: number): boolean =>
  madeMs !== null && changedMs >= beganAt && madeMs >= beganAt;

const unreadable = new Set(['EACCES', 'EPERM', 'EIO', 'ELOOP', 'EBUSY', 'ESTALE', 'EISDIR']);

const out = (reason: LeftOutReason, why: string, sizeBytes: number | null): Admission => ({
  is: 'out',
  reason,
  why,
  sizeBytes,
});

/** It went since the list was made; or it lies outside of a sparse checkout, and what is staged stands for it. */
const missing = ({ staged }: WorkingChange): Admission =>
  staged === null ? { is: 'gone' } : { is: 'stored', ...staged };

async function admitLarge(
  change: WorkingChange,
  file: { path: Buffer; mode: FileMode; sizeBytes: number; times: FileTimes },
  options: AdmitOptions,
): Promise<Admission> {
  const { path, mode, sizeBytes, times } = file;
  // In git already, by the user's own will.
  if (change.staged !== null) return { is: 'stored', ...change.staged };
  if (await isPointerTo(change, sizeBytes, () => sha256OfFile(path), options))
    return { is: 'stored', mode, id: change.committed?.id ?? '' };
  const stored = await options.keep(change.path, sizeBytes);
  if (stored === null) return out('large', 'Too large to be kept beside the code.', sizeBytes);
  return { is: 'pointer', mode, stored, times };
}

/** True where the commit has a Git LFS pointer (its specification, version 1) to just this content. */
async function isPointerTo(
  { committed }: WorkingChange,
  sizeBytes: number,
  hash: () => Promise<string> | string,
  options: AdmitOptions,
): Promise<boolean> {
  if (committed === null || committed.mode === '120000' || committed.mode === '160000') return false;
  // Asked only about what no diff could be read of anyway.
  if (sizeBytes < pointedBytes) return false;
  const text = (await options.committed(committed.id)).subarray(0, 512).toString('latin1');
  if (!text.startsWith('version https://git-lfs.github.com/spec/')) return false;
  const [, id] = /^oid sha256:([0-9a-f]{64})$/m.exec(text) ?? [];
  const [, size] = /^size (\d+)$/m.exec(text) ?? [];
  return Number(size) === sizeBytes && id === (await hash());
}

/** The least file that anybody tracks with Git LFS, with room to spare. */
const pointedBytes = 16 * 1024;

/** What in a file looks like a secret and is not in its committed version too; null for nothing. */
async function newSecret(
  content: Buffer,
  change: WorkingChange,
  options: AdmitOptions,
): Promise<string | null> {
  const text = content.subarray(0, scannedBytes);
  if (text.includes(0)) return null;
  let found = secretsIn(text.toString('latin1'));
  if (found.length > 0 && change.committed !== null && change.committed.mode !== '160000') {
    const before = (await options.committed(change.committed.id)).toString('latin1');
    found = found.filter(({ text: secret }) => !before.includes(secret));
  }
  const [first] = found;
  return first === undefined ? null : `Line ${first.line} has ${first.kind}.`;
}

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

async function sha256OfFile(path: Buffer): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

const pointerMark = 'benchtop pointer 1\nsha256 ';

/** True for a text that `pointerText` made. */
export const isPointer = (content: Buffer): boolean =>
  content.length < 200 && content.toString('latin1').startsWith(pointerMark);

/** The text that stands in a tree for a file that is kept by content. */
export const pointerText = ({ objectId, sizeBytes }: StoredObject): string =>
  `${pointerMark}${objectId}\nsize ${sizeBytes}\n`;
