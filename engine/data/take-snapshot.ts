import type Database from 'better-sqlite3';
import { dirname, join } from 'node:path';
import { BenchtopError, type DataMoment, type DataProblem, type DataVersion } from '../../contract/index.ts';
import type { FileIdentity, Objects, PutObjects } from '../objects/index.ts';
import { prepared, type Store } from '../store/index.ts';
import { dataSetNumber, isListed, knownDataSet, manifestBeside, versionById } from './data-sets.ts';
import { keepObjects, keepOrMark, rowsAtOnce } from './keep-objects.ts';
import { isAsKnown, knownTree, rememberTree } from './known-tree.ts';
import { objectsOf, readManifest, type Manifest, type ManifestEntry } from './manifest.ts';
import { realPath } from './real-path.ts';
import { manifestBytes, readTree, unlessLost, type FileContents, type TreeContent } from './read-tree.ts';
import { latestMoment, recordMoment } from './timeline.ts';
import { versionDelta } from './version-delta.ts';
import { cancelled, walkData, type WalkBounds, type WalkedFile } from './walk-data.ts';

export interface SnapshotProgress {
  readonly files: number;
  readonly bytes: number;
  /** Null while the folder is walked. */
  readonly ofFiles: number | null;
}

export interface TakenSnapshot {
  /** With its links resolved. */
  readonly path: string;
  readonly dataSetId: number;
  readonly version: DataVersion;
  readonly problems: readonly DataProblem[];
  /** True when this data set held something else, or nothing known, before. */
  readonly isNew: boolean;
  /** When something of it was written to last, milliseconds UTC. */
  readonly newestMs: number;
  /** See WalkedData. */
  readonly settled: FileIdentity | null;
}

/** Files handed over at once: each batch is one commit, and between two of them a snapshot can be cancelled. */
const filesPerBatch = 4000;
/** What is stored is safe from the collector for an hour; before that is over it has to be referred to, or touched. */
const touchAfterMs = 20 * 60_000;

export interface SnapshotTools {
  readonly store: Store;
  readonly objects: Objects;
  readonly now: () => number;
  /** The project whose folder holds a path; null when none does. */
  readonly projectAt: (path: string) => string | null;
}

/**
 * Records what a file or folder holds. Nothing in it is changed, nothing outside of it is read: links are kept as links.
 * A file that cannot be read, or that was written to meanwhile, is told and left out of the version.
 * @throws {BenchtopError} `not-found`, `file-unreadable`, `invalid-input`, `too-large` beyond the bounds, `cancelled`, `disk-full`.
 */
export async function takeSnapshot(
  { store, objects, now, projectAt }: SnapshotTools,
  asked: string,
  options: {
    signal?: AbortSignal;
    bounds?: WalkBounds;
    onProgress?: (done: SnapshotProgress) => void;
    /** Resolve before it is on disk, a moment later: for who acknowledges nothing (Store.writeSoon). */
    isSoon?: boolean;
    /** What is to be recorded in the same commit. */
    together?: (db: Database.Database, taken: TakenSnapshot) => void;
  } = {},
): Promise<TakenSnapshot> {
  const { signal, bounds, onProgress, isSoon = false, together } = options;
  const path = realPath(asked);
  const walkedAt = Date.now();
  const walked = await walkData(path, {
    ...(signal === undefined ? {} : { signal }),
    ...(bounds === undefined ? {} : { bounds }),
  });
  if (walked.isCut && bounds !== undefined)
    throw new BenchtopError({
      code: 'too-large',
      what: `${path} holds more than ${bounds.files.toLocaleString('en-US')} files or ${Math.round(bounds.bytes / 1e9)} GB.`,
      next: `Record it with \`benchtop data snapshot ${path}\`, which has no such limit.`,
    });
  const known = walked.kind === 'file' ? null : store.now((db) => knownTree(db, path));
  let unkept: readonly string[] = [];
  const taken = await objects.putTogether(async (put) => {
    const tree = await readTree(objects, walked, known, (found) => storeFiles(put, found));
    const { version, text, fresh, problems, unread } = tree;
    if (walked.kind === 'file' && version.fileCount === 0) throw unreadable(path, problems);
    const { isRecorded, knownSet, before } = store.now((db) => {
      const knownSet = knownDataSet(db, path);
      return {
        isRecorded: isListed(db, objects, version.version),
        knownSet,
        before: knownSet === null ? null : latestMoment(db, knownSet.id),
      };
    });
    const isNew = before?.version !== version.version;
    const earlier =
      isNew && before !== null && tree.counts === null
        ? await unlessLost(readVersion({ store, objects }, before.version))
        : null;
    const isBeside = walked.kind === 'file';
    if (text !== null && !isRecorded && !isBeside) await storeManifest(put, tree, text);
    // What the version before holds is kept for it already.
    const kept = new Set(objectsOf(earlier?.manifest.entries ?? []));
    unkept = isRecorded ? [] : objectsOf(fresh).filter((id) => !kept.has(id));
    const files = changesSince(before, tree, earlier);
    const at = now();
    return {
      name: 'data.snapshot',
      isSoon,
      write(db) {
        if (!isRecorded) {
          insertVersion(db, version, { fresh, manifest: isBeside ? text : null, at });
          keepOrMark(db, version.version, { isListStored: !isBeside, objectIds: unkept });
        }
        const dataSetId = dataSetNumber(db, { path, projectId: projectAt(path), at }, knownSet);
        recordMoment(db, { dataSetId, version: version.version, at, files, problems });
        if (known === null || !isAsKnown(walked, known))
          rememberTree(db, { dataSetId, version: version.version, walked, walkedAt, unread });
        const { newestMs, settled } = walked;
        const taken = { path, dataSetId, version, problems, isNew, newestMs, settled };
        together?.(db, taken);
        return taken;
      },
    };
  });
  if (unkept.length > rowsAtOnce) await keepObjects(store, taken.version.version, unkept);
  return taken;

  async function storeManifest(
    put: PutObjects,
    { version, edits }: TreeContent,
    text: Buffer,
  ): Promise<void> {
    const isStored =
      edits !== null &&
      known !== null &&
      (await put.putEdited({
        objectId: version.version,
        bytes: text,
        base: known.version.version,
        edits,
      }));
    if (!isStored) await put.putStream(piecesOf(text));
  }

  async function storeFiles(put: PutObjects, found: readonly WalkedFile[]): Promise<FileContents> {
    const problems: DataProblem[] = [];
    const entries: ManifestEntry[] = [];
    let bytes = 0;
    let touchedAt = now();
    onProgress?.({ files: 0, bytes, ofFiles: found.length });
    for (let from = 0; from < found.length; from += filesPerBatch) {
      if (signal?.aborted) throw cancelled();
      const batch = found.slice(from, from + filesPerBatch);
      const results = await put.putFiles(
        batch.map((file) => join(walked.base, file.path)),
        {
          ...(signal === undefined ? {} : { signal }),
          onProgress: (done) =>
            onProgress?.({
              files: from + done.files,
              bytes: bytes + done.bytes,
              ofFiles: found.length,
            }),
        },
      );
      for (const [index, result] of results.entries()) {
        const file = batch[index];
        if (file === undefined) continue;
        if ('problem' in result) {
          problems.push({ path: file.path, kind: result.problem, what: result.what });
          continue;
        }
        bytes += result.sizeBytes;
        entries.push({ kind: file.isProgram ? 'program' : 'file', path: file.path, ...result });
      }
      if (now() - touchedAt < touchAfterMs) continue;
      await objects.touch(objectsOf(entries));
      touchedAt = now();
    }
    return { entries, problems };
  }
}

/** Records a version; one that is recorded gets its manifest again where that was lost. */
function insertVersion(
  db: Database.Database,
  { version, kind, fileCount, linkCount, sizeBytes }: DataVersion,
  { fresh, manifest, at }: { fresh: readonly ManifestEntry[]; manifest: Buffer | null; at: number },
): void {
  // Only a version with one entry has a file that stands for it, and then it is what was looked at.
  const [only] = fileCount + linkCount === 1 ? fresh : [];
  prepared(
    db,
    `INSERT INTO data_version (id, kind, file_count, link_count, size_bytes, only_object, created_at, manifest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET manifest = excluded.manifest`,
  ).run(
    version,
    kind,
    fileCount,
    linkCount,
    sizeBytes,
    only === undefined || only.kind === 'link' ? null : only.objectId,
    at,
    manifest?.toString('utf8') ?? null,
  );
}

/** How many files came, went and changed since the moment before; null for the first, where nothing did, and where its list is lost. */
function changesSince(
  before: { version: string } | null,
  tree: TreeContent,
  earlier: { version: DataVersion; manifest: Manifest } | null,
): DataMoment['files'] {
  if (before === null || before.version === tree.version.version) return null;
  if (tree.counts !== null || earlier === null) return tree.counts;
  const now = { version: tree.version, manifest: { kind: tree.version.kind, entries: tree.fresh } };
  const { added, removed, changed } = versionDelta(earlier, now).counts;
  return { added, removed, changed };
}

/** What a path holds now, as the version it would be. */
export interface CurrentContent {
  readonly version: DataVersion;
  /** Of the version's manifest; null where the folder looks as it did when this version of it was recorded. */
  readonly text: Buffer | null;
  /** When something in it was last written, milliseconds UTC. */
  readonly newestMs: number;
  /** See WalkedData. */
  readonly settled: FileIdentity | null;
}

/**
 * Reads what a path holds without storing anything. Files of a folder that cannot be read are left out.
 * @throws {BenchtopError} as `takeSnapshot`.
 */
export async function currentContent(
  { store, objects }: { store: Store; objects: Pick<Objects, 'hashFiles' | 'read' | 'sizeBytes' | 'has'> },
  path: string,
  signal: AbortSignal,
): Promise<CurrentContent> {
  const walked = await walkData(path, { signal });
  const known = walked.kind === 'file' ? null : store.now((db) => knownTree(db, path));
  const { version, text, problems } = await readTree(objects, walked, known, async (files) => {
    const results = await objects.hashFiles(
      files.map((file) => join(walked.base, file.path)),
      { signal },
    );
    const entries: ManifestEntry[] = [];
    const problems: DataProblem[] = [];
    for (const [index, { path: name, isProgram }] of files.entries()) {
      const result = results[index];
      if (result === undefined) continue;
      if ('problem' in result) problems.push({ path: name, kind: result.problem, what: result.what });
      else entries.push({ kind: isProgram ? 'program' : 'file', path: name, ...result });
    }
    return { entries, problems };
  });
  if (walked.kind === 'file' && version.fileCount === 0) throw unreadable(path, problems);
  return { version, text, newestMs: walked.newestMs, settled: walked.settled };
}

/** A recorded version with its manifest. @throws {BenchtopError} `not-found`, `damaged-object`. */
export async function readVersion(
  { store, objects }: Pick<SnapshotTools, 'store' | 'objects'>,
  id: string,
): Promise<{ version: DataVersion; manifest: Manifest }> {
  const [version, beside] = store.now((db) => [versionById(db, id), manifestBeside(db, id)] as const);
  return {
    version,
    manifest: readManifest(beside === null ? await manifestBytes(objects, id) : Buffer.from(beside)),
  };
}

/** A single file that could not be read has no version at all. */
function unreadable(path: string, problems: readonly DataProblem[]): BenchtopError {
  const [problem] = problems;
  if (problem?.kind === 'changed')
    return new BenchtopError({
      code: 'conflict',
      what: `${path} was written to while it was read.`,
      next: 'Try again when nothing writes to it.',
    });
  return new BenchtopError({
    code: problem?.kind === 'missing' ? 'not-found' : 'file-unreadable',
    what: `${path} cannot be read.`,
    evidence: problem?.what ?? dirname(path),
  });
}

async function* piecesOf(text: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += 1 << 20) yield text.subarray(at, at + (1 << 20));
}
