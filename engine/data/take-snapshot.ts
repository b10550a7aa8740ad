import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { BenchtopError, type DataProblem, type DataVersion } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';
import type { Objects } from '../objects/index.ts';
import type { Store } from '../store/index.ts';
import { dataSetNumber, versionById } from './data-sets.ts';
import { manifestText, readManifest, versionOf, type Manifest, type ManifestEntry } from './manifest.ts';
import { latestMoment, recordMoment } from './timeline.ts';
import { versionDelta } from './version-delta.ts';
import { cancelled, walkData, type WalkBounds, type WalkedData } from './walk-data.ts';

export interface SnapshotProgress {
  readonly files: number;
  readonly bytes: number;
  /** Null while the folder is walked. */
  readonly ofFiles: number | null;
}

export interface TakenSnapshot {
  readonly dataSetId: number;
  readonly version: DataVersion;
  readonly problems: readonly DataProblem[];
  /** True when this data set held something else, or nothing known, before. */
  readonly isNew: boolean;
}

/** Files handed over at once: each batch is one commit, and between two of them a snapshot can be cancelled. */
const filesPerBatch = 4000;
/** What is stored is safe from the collector for an hour; before that is over it has to be referred to. */
const keepAfterMs = 20 * 60_000;

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
  } = {},
): Promise<TakenSnapshot> {
  const { signal, bounds, onProgress } = options;
  const path = realPath(asked);
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
  const known = knownTree(store, path, walked);
  if (known !== null) {
    await store.write('data.seen', (db) =>
      recordMoment(db, {
        dataSetId: known.dataSetId,
        version: known.version.version,
        at: now(),
        files: null,
        problems: [],
      }),
    );
    return { ...known, problems: [], isNew: false };
  }
  const taken = await storeFiles(walked);
  const only = taken.manifest.entries[0];
  if (walked.kind === 'file' && only === undefined) throw unreadable(path, taken.problems);
  const text = manifestText(taken.manifest);
  const version = versionOf(taken.manifest, text);

  const isKnown = store.now(
    (db) => db.prepare('SELECT 1 FROM data_version WHERE id = ?').get(version.version) !== undefined,
  );
  if (!isKnown) await objects.putStream(piecesOf(text));
  const at = now();
  const projectId = projectAt(path);
  const before = store.now((db) => {
    const known = db.prepare('SELECT id FROM data_set WHERE path = ?').pluck().get(path) as
      | number
      | undefined;
    return known === undefined ? null : latestMoment(db, known);
  });
  const earlier =
    before === null || before.version === version.version
      ? null
      : await readVersion({ store, objects }, before.version);
  const files = earlier === null ? null : versionDelta(earlier, { version, manifest: taken.manifest }).counts;
  const dataSetId = await store.write('data.snapshot', (db) => {
    if (!isKnown) {
      const insert = db.prepare('INSERT OR IGNORE INTO data_object (object_id) VALUES (?)');
      insert.run(version.version);
      // What the version before holds is kept for it already.
      const kept = new Set(
        earlier?.manifest.entries.map((entry) => (entry.kind === 'link' ? '' : entry.objectId)),
      );
      for (const entry of taken.manifest.entries)
        if (entry.kind !== 'link' && !kept.has(entry.objectId)) insert.run(entry.objectId);
      db.prepare(
        `INSERT OR IGNORE INTO data_version (id, kind, file_count, link_count, size_bytes, only_object, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        version.version,
        version.kind,
        version.fileCount,
        version.linkCount,
        version.sizeBytes,
        taken.manifest.entries.length === 1 && only !== undefined && only.kind !== 'link'
          ? only.objectId
          : null,
        at,
      );
    }
    const id = dataSetNumber(db, { path, projectId, at });
    recordMoment(db, {
      dataSetId: id,
      version: version.version,
      at,
      files: files === null ? null : { added: files.added, removed: files.removed, changed: files.changed },
      problems: taken.problems,
    });
    // What was read was looked at before it was read: a folder that changed in between does not have this signature again.
    if (walked.signature !== null && taken.problems.length === 0)
      db.prepare('INSERT OR REPLACE INTO data_tree (data_set, signature, version) VALUES (?, ?, ?)').run(
        id,
        walked.signature,
        version.version,
      );
    return id;
  });
  return {
    dataSetId,
    version,
    problems: taken.problems,
    isNew: before?.version !== version.version,
  };

  async function storeFiles(found: WalkedData): Promise<{ manifest: Manifest; problems: DataProblem[] }> {
    const problems = [...found.problems];
    const entries: ManifestEntry[] = found.links.map((link) => ({ kind: 'link', ...link }));
    let bytes = 0;
    let keptAt = now();
    let unkept: string[] = [];
    onProgress?.({ files: 0, bytes, ofFiles: found.files.length });
    for (let from = 0; from < found.files.length; from += filesPerBatch) {
      if (signal?.aborted) throw cancelled();
      const batch = found.files.slice(from, from + filesPerBatch);
      const results = await objects.putFiles(
        batch.map((file) => join(found.base, file.path)),
        {
          ...(signal === undefined ? {} : { signal }),
          onProgress: (done) =>
            onProgress?.({
              files: from + done.files,
              bytes: bytes + done.bytes,
              ofFiles: found.files.length,
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
        unkept.push(result.objectId);
        entries.push({ kind: file.isProgram ? 'program' : 'file', path: file.path, ...result });
      }
      if (now() - keptAt < keepAfterMs) continue;
      const ids = unkept;
      await store.write('data.keep', (db) => {
        const insert = db.prepare('INSERT OR IGNORE INTO data_object (object_id) VALUES (?)');
        for (const id of ids) insert.run(id);
      });
      keptAt = now();
      unkept = [];
    }
    return { manifest: { kind: found.kind, entries }, problems };
  }
}

/** The version of a folder that looks as it did when its latest version was read whole; null where it has to be read. */
function knownTree(
  store: Store,
  path: string,
  { signature }: WalkedData,
): { dataSetId: number; version: DataVersion } | null {
  if (signature === null) return null;
  return store.now((db) => {
    const row = db
      .prepare(
        'SELECT t.data_set AS dataSetId, t.signature, t.version FROM data_tree t JOIN data_set s ON s.id = t.data_set WHERE s.path = ?',
      )
      .get(path) as { dataSetId: number; signature: Buffer; version: string } | undefined;
    if (row === undefined || !signature.equals(row.signature)) return null;
    if (latestMoment(db, row.dataSetId)?.version !== row.version) return null;
    return { dataSetId: row.dataSetId, version: versionById(db, row.version) };
  });
}

/** What a path holds now, as the version it would be. */
export interface CurrentContent {
  readonly version: DataVersion;
  /** Null where the folder looks as it did when this version of it was recorded. */
  readonly manifest: Manifest | null;
  /** When something in it was last written, milliseconds UTC. */
  readonly newestMs: number;
}

/**
 * Reads what a path holds without storing anything. Files of a folder that cannot be read are left out.
 * @throws {BenchtopError} as `takeSnapshot`.
 */
export async function currentContent(
  { store, objects }: { store: Store; objects: Pick<Objects, 'hashFiles'> },
  path: string,
  signal: AbortSignal,
): Promise<CurrentContent> {
  const walked = await walkData(path, { signal });
  const { newestMs } = walked;
  const known = knownTree(store, path, walked);
  if (known !== null) return { version: known.version, manifest: null, newestMs };
  const results = await objects.hashFiles(
    walked.files.map((file) => join(walked.base, file.path)),
    { signal },
  );
  const entries: ManifestEntry[] = walked.links.map((link) => ({ kind: 'link', ...link }));
  const problems: DataProblem[] = [];
  for (const [index, file] of walked.files.entries()) {
    const result = results[index];
    if (result === undefined) continue;
    if ('problem' in result) problems.push({ path: file.path, kind: result.problem, what: result.what });
    else entries.push({ kind: file.isProgram ? 'program' : 'file', path: file.path, ...result });
  }
  if (walked.kind === 'file' && entries.length === 0) throw unreadable(path, problems);
  const manifest: Manifest = { kind: walked.kind, entries };
  return { version: versionOf(manifest, manifestText(manifest)), manifest, newestMs };
}

/** A recorded version with its manifest. @throws {BenchtopError} `not-found`, `damaged-object`. */
export async function readVersion(
  { store, objects }: Pick<SnapshotTools, 'store' | 'objects'>,
  id: string,
): Promise<{ version: DataVersion; manifest: Manifest }> {
  const version = store.now((db) => versionById(db, id));
  const { body } = await objects.stream(id);
  const parts: Buffer[] = [];
  for await (const part of body as AsyncIterable<Buffer>) parts.push(part);
  return { version, manifest: readManifest(Buffer.concat(parts)) };
}

/** The path with its links resolved, so that one file or folder is one data set. */
export function realPath(path: string): string {
  if (!isAbsolute(path))
    throw new BenchtopError({ code: 'invalid-input', what: `${path} is not an absolute path.` });
  try {
    return realpathSync(path);
  } catch (error) {
    if (isMissing(error))
      throw new BenchtopError({ code: 'not-found', what: `There is nothing at ${path}.` }, { cause: error });
    throw new BenchtopError(
      {
        code: 'file-unreadable',
        what: `${path} cannot be read.`,
        evidence: error instanceof Error ? error.message : String(error),
      },
      { cause: error },
    );
  }
}

/** A single file that could not be read has no version at all. */
function unreadable(path: string, problems: readonly DataProblem[]): BenchtopError {
  const [problem] = problems;
  return new BenchtopError({
    code:
      problem?.kind === 'missing'
        ? 'not-found'
        : problem?.kind === 'changed'
          ? 'conflict'
          : 'file-unreadable',
    what:
      problem?.kind === 'changed' ? `${path} was written to while it was read.` : `${path} cannot be read.`,
    evidence: problem?.what ?? dirname(path),
    ...(problem?.kind === 'changed' ? { next: 'Try again when nothing writes to it.' } : {}),
  });
}

async function* piecesOf(text: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += 1 << 20) yield text.subarray(at, at + (1 << 20));
}
