import { join } from 'node:path';
import {
  BenchtopError,
  tableProfile,
  type CheckoutEvent,
  type DataDelta,
  type ProjectPlace,
  type RoomHandlers,
  type Run,
  type RunData,
  type SnapshotEvent,
  type StreamItem,
  type TableDelta,
  type TableProfile,
  type TableRows,
} from '../../contract/index.ts';
import { isWithin } from '../is-within.ts';
import type { Objects } from '../objects/index.ts';
import { prepared, type Store } from '../store/index.ts';
import { withProgress } from '../with-progress.ts';
import { checkoutVersion } from './checkout-version.ts';
import { dataSet, dataSets, latestVersionOf, versionByPrefix } from './data-sets.ts';
import { keepObjects } from './keep-objects.ts';
import { lineageOf } from './lineage.ts';
import {
  manifestBelow,
  manifestText,
  objectsOf,
  readManifest,
  versionOf,
  type Manifest,
  type ManifestEntry,
} from './manifest.ts';
import { createRunDataRecorder, noteOutput, type RunDataRecorder } from './record-run-data.ts';
import { runDataOf } from './run-data.ts';
import { placeVersion } from './place-version.ts';
import { unlessLost } from './read-tree.ts';
import { currentContent, readVersion, realPath, takeSnapshot, type SnapshotTools } from './take-snapshot.ts';
import { changedFiles, type ChangedFiles } from './changed-files.ts';
import type { TableColumns, WantedColumn } from './tables/table-columns.ts';
import { createTableFiles } from './tables/table-files.ts';
import { createTableReader, type TableProcess } from './tables/table-reader.ts';
import { momentsOf } from './timeline.ts';
import { versionDelta } from './version-delta.ts';

/** A table in two versions. */
export interface ComparedTable {
  readonly before: string;
  readonly after: string;
  readonly path: string;
  /** What makes a row the same row; looked for when left out. */
  readonly key?: readonly string[] | 'content' | undefined;
}

export interface Data {
  readonly handlers: RoomHandlers<'data'>;
  /** What runs read and wrote; see RunDataRecorder. */
  readonly runs: Pick<RunDataRecorder, 'started' | 'takenUp' | 'opened' | 'logged' | 'settled'>;
  /** Goes on with what an engine before this one had begun and not finished; reading goes on after it resolves. */
  recover(): Promise<void>;
  /** What a run read, then what it wrote. */
  ofRun(runId: string): RunData[];
  /** What differs between two versions but for pieces. @throws {BenchtopError} `not-found`. */
  compare(before: string, after: string): Promise<Omit<DataDelta, 'chunks'>>;
  /** What differs by rows between two versions of a table, a key looked for. @throws {BenchtopError} where it is none, `cancelled`. */
  compareTables(asked: ComparedTable, signal: AbortSignal): Promise<TableDelta>;
  /**
   * Whole columns of a stored file that is a table, which its name tells.
   * @throws {BenchtopError} `unsupported` for what is no table, `too-large`, `cancelled`.
   */
  columns(
    table: { objectId: string; name: string },
    wanted: readonly WantedColumn[],
    signal: AbortSignal,
  ): Promise<TableColumns>;
  /** The rows of such a file at places, counted from 0, in the order of the file. */
  rowsAt(
    table: { objectId: string; name: string },
    places: readonly number[],
    signal: AbortSignal,
  ): Promise<TableRows>;
  /** The columns of such a file, each summed up. */
  profile(objectId: string, name: string, signal: AbortSignal): Promise<TableProfile>;
  /** The files and links of a version. @throws {BenchtopError} `not-found`. */
  manifest(version: string): Promise<Manifest>;
  /** What a path holds now, as the version it would be; null where that cannot be told. Records nothing. */
  versionAt(path: string, signal: AbortSignal): Promise<string | null>;
  /**
   * Records what a path holds now as a version of it.
   * @param writtenBy the run that has declared it as its output, and is recorded with it.
   * @returns null for one that could not be read whole. @throws {BenchtopError} as a snapshot.
   */
  keep(path: string, signal: AbortSignal, writtenBy?: string | null): Promise<string | null>;
  /** The version of a path that was recorded last; null when none was. */
  latestVersion(path: string): string | null;
  /** True when a version is recorded and its list of files is there, so that it can be had again. */
  isKept(version: string): boolean;
  /** The files and links at a path, as a version of them has them. @throws {BenchtopError} as a snapshot. */
  entriesAt(path: string, signal: AbortSignal): Promise<Manifest>;
  /** The version that a path in a folder has, by the folder's version; null where it has nothing there. @throws {BenchtopError} `not-found`. */
  versionBelow(version: string, path: string): Promise<string | null>;
  /** The files in which a folder differs from an earlier version; null when that version is not recorded, or a list of files is lost. */
  changedFiles(before: string, path: string, signal: AbortSignal): Promise<ChangedFiles | null>;
  /** Writes a version to a path at which nothing is. @throws {BenchtopError} `already-exists`, `not-found`. */
  place(version: string, path: string, signal: AbortSignal): Promise<void>;
  /** Ends what is being read. */
  close(): Promise<void>;
}

/** Versions of data: what files and folders held, when, and which runs read them. */
export function createData(options: {
  homePath: string;
  store: Store;
  objects: Objects;
  now: () => number;
  projects: () => readonly ProjectPlace[];
  /** @throws {BenchtopError} `not-found`. */
  run: (runId: string) => Run;
  onUnexpected: (error: unknown, where: string) => void;
  /** How the process that reads tables is started; as a child of Node when left out. */
  startTables?: () => TableProcess;
}): Data {
  const { homePath, store, objects, now, projects, run, onUnexpected, startTables } = options;
  const folder = join(homePath, 'tables');
  const files = createTableFiles(folder, objects);
  const tables = createTableReader({
    folder,
    onIdle: files.clear,
    ...(startTables === undefined ? {} : { start: startTables }),
  });
  const closing = new AbortController();
  const tools: SnapshotTools = {
    store,
    objects,
    now,
    projectAt: (path) => projectAt(projects(), path)?.id ?? null,
  };
  const runs = createRunDataRecorder({
    tools,
    run,
    projectPathAt: (path) => projectAt(projects(), path)?.path ?? null,
    onUnexpected,
  });
  const ofRun = (runId: string) => store.now((db) => runDataOf(db, runId));
  const versionWithManifest = (id: string) => readVersion(tools, id);
  const isKept = (version: string) =>
    objects.has(version) &&
    store.now((db) => prepared(db, 'SELECT 1 FROM data_version WHERE id = ?').get(version) !== undefined);

  async function* snapshot(path: string, signal: AbortSignal): AsyncGenerator<StreamItem<SnapshotEvent>> {
    yield* withProgress<SnapshotEvent>(AbortSignal.any([signal, closing.signal]), async (tell, ended) => {
      const taken = await takeSnapshot(tools, path, {
        signal: ended,
        onProgress: (done) => tell({ kind: 'progress', ...done }),
      });
      const [moment] = store.now((db) => momentsOf(db, taken.dataSetId, 1));
      if (moment === undefined) throw new Error(`Data set ${taken.dataSetId} has no moment.`);
      return { kind: 'done', dataSetId: taken.dataSetId, isNew: taken.isNew, moment };
    });
  }

  async function* checkout(
    id: string,
    destination: string,
    signal: AbortSignal,
  ): AsyncGenerator<StreamItem<CheckoutEvent>> {
    yield* withProgress<CheckoutEvent>(AbortSignal.any([signal, closing.signal]), async (tell, ended) => {
      const { version, manifest } = await versionWithManifest(id);
      const path = await checkoutVersion(objects, manifest, destination, {
        signal: ended,
        onProgress: (done) => tell({ kind: 'progress', ...done }),
      });
      return { kind: 'done', path, fileCount: version.fileCount, sizeBytes: version.sizeBytes };
    });
  }

  async function compareTables(
    { before, after, path, key }: ComparedTable,
    signal: AbortSignal,
  ): Promise<TableDelta> {
    const old = await files.fileOf(entryAt((await versionWithManifest(before)).manifest, path));
    const now = await files.fileOf(entryAt((await versionWithManifest(after)).manifest, path));
    return tables.ask({ kind: 'compare', before: old, after: now, key: key ?? null }, signal);
  }

  async function profile(objectId: string, name: string, signal: AbortSignal): Promise<TableProfile> {
    const file = await tableFile(objectId, name);
    const how = `${file.format}${file.isGzip ? '.gz' : ''}`;
    const known = store.now((db) =>
      db
        .prepare('SELECT profile FROM table_profile WHERE object_id = ? AND format = ?')
        .pluck()
        .get(objectId, how),
    );
    // One that an earlier program kept may lack what a profile has by now.
    const kept = tableProfile.safeParse(typeof known === 'string' ? JSON.parse(known) : null);
    if (kept.success) return kept.data;
    const made = await tables.ask({ kind: 'profile', file }, signal);
    if (store.readOnlyReason === null)
      await store.write('data.profile', (db) =>
        db
          .prepare('INSERT OR REPLACE INTO table_profile (object_id, format, profile) VALUES (?, ?, ?)')
          .run(objectId, how, JSON.stringify(made)),
      );
    return made;
  }

  /** The stored file that a version is, or that it has at a path. */
  async function storedFile(id: string, path: string): Promise<{ objectId: string; name: string }> {
    const entry = entryAt((await versionWithManifest(id)).manifest, path);
    if (entry.kind === 'link')
      throw new BenchtopError({ code: 'unsupported', what: `${entry.path} is a link, and no table.` });
    return { objectId: entry.objectId, name: entry.path };
  }

  const tableFile = (objectId: string, name: string) =>
    files.fileOf({ kind: 'file', path: name, objectId, sizeBytes: objects.sizeBytes(objectId) });

  return {
    handlers: {
      snapshot: ({ path }, { signal }) => snapshot(path, signal),
      sets: ({ projectId, limit }) => store.now((db) => dataSets(db, projectId ?? null, limit)),
      log: (by) =>
        store.now((db) => {
          const found = dataSet(db, 'path' in by ? { path: knownPath(by.path) } : by);
          return { dataSet: found, moments: momentsOf(db, found.id) };
        }),
      find: ({ text }) =>
        store.now((db) =>
          /^[0-9a-f]{4,64}$/.test(text)
            ? versionByPrefix(db, text)
            : dataSet(db, { path: knownPath(text) }).latest,
        ),
      async files({ version, offset, limit }) {
        const { entries } = (await versionWithManifest(version)).manifest;
        return {
          total: entries.length,
          entries: entries
            .slice(offset, offset + limit)
            .map((entry) =>
              entry.kind === 'link'
                ? { path: entry.path, kind: entry.kind, sizeBytes: 0, objectId: null, target: entry.target }
                : { ...entry, target: null },
            ),
        };
      },
      async compare({ before, after }) {
        const old = await versionWithManifest(before);
        const now = await versionWithManifest(after);
        const chunks = await objects.chunkDelta(
          objectsOf(old.manifest.entries),
          objectsOf(now.manifest.entries),
        );
        return { ...versionDelta(old, now), chunks };
      },
      compareTables: (asked, { signal }) => compareTables(asked, signal),
      rows: async ({ objectId, name, offset, limit }, { signal }) =>
        tables.ask({ kind: 'rows', file: await tableFile(objectId, name), offset, limit }, signal),
      async profile({ version, path }, { signal }) {
        const { objectId, name } = await storedFile(version, path);
        return profile(objectId, name, signal);
      },
      profileFile: ({ path }, { signal }) =>
        tables.ask({ kind: 'profile', file: files.fileAt(path) }, signal),
      drift: ({ reference, current, tests }, { signal }) =>
        tables.ask(
          { kind: 'drift', reference: files.fileAt(reference), current: files.fileAt(current), tests },
          signal,
        ),
      estimate: (asked, { signal }) =>
        tables.ask(
          {
            kind: 'performance',
            reference: files.fileAt(asked.reference),
            current: files.fileAt(asked.current),
            lateLabels: asked.labels === null ? null : files.fileAt(asked.labels.path),
            asked,
          },
          signal,
        ),
      checkout: ({ version, destination }, { signal }) => checkout(version, destination, signal),
      ofRun: ({ runId }) => ofRun(runId),
      lineage: (start) => store.now((db) => lineageOf(db, start)),
    },
    runs,
    ofRun,
    compare: async (before, after) =>
      versionDelta(await versionWithManifest(before), await versionWithManifest(after)),
    compareTables,
    columns: async ({ objectId, name }, wanted, signal) =>
      tables.ask({ kind: 'columns', file: await tableFile(objectId, name), wanted }, signal),
    rowsAt: async ({ objectId, name }, places, signal) =>
      tables.ask({ kind: 'rows-at', file: await tableFile(objectId, name), places }, signal),
    profile,
    manifest: async (version) => (await versionWithManifest(version)).manifest,
    async recover() {
      const unkept = store.now(
        (db) => db.prepare('SELECT version FROM data_unkept').pluck().all() as string[],
      );
      for (const id of unkept)
        await keepObjects(store, id, objectsOf((await versionWithManifest(id)).manifest.entries));
      runs.readAgain();
    },
    async versionAt(path, signal) {
      try {
        return (await currentContent(tools, path, signal)).version.version;
      } catch (error) {
        if (error instanceof BenchtopError && error.code !== 'cancelled') return null;
        throw error;
      }
    },
    async keep(path, signal, writtenBy = null) {
      const { version, problems } = await takeSnapshot(tools, path, {
        signal,
        ...(writtenBy === null ? {} : { together: (db, taken) => noteOutput(db, writtenBy, taken) }),
      });
      return problems.length === 0 ? version.version : null;
    },
    latestVersion(path) {
      const known = knownPath(path);
      return store.now((db) => latestVersionOf(db, known));
    },
    isKept,
    async entriesAt(path, signal) {
      const { version, text } = await currentContent(tools, realPath(path), signal);
      return text === null ? (await versionWithManifest(version.version)).manifest : readManifest(text);
    },
    async versionBelow(version, path) {
      const below = manifestBelow((await versionWithManifest(version)).manifest, path);
      return below === null ? null : versionOf(below, manifestText(below)).version;
    },
    changedFiles: (before, path, signal) =>
      isKept(before) ? unlessLost(changedFiles(tools, before, path, signal)) : Promise.resolve(null),
    place: async (version, path, signal) =>
      placeVersion(objects, (await versionWithManifest(version)).manifest, path, signal),
    async close() {
      closing.abort();
      await runs.close();
      await tables.close();
      files.clear();
    },
  };
}

/** A file of a version; the only one of a single file, whatever it was called then. */
function entryAt(manifest: Manifest, path: string): ManifestEntry {
  const entry =
    manifest.kind === 'file' ? manifest.entries[0] : manifest.entries.find((each) => each.path === path);
  if (entry === undefined)
    throw new BenchtopError({ code: 'not-found', what: `The version has no file ${path}.` });
  return entry;
}

/** A path as data sets are known by it; one that is gone by now is taken as it is written. */
function knownPath(path: string): string {
  try {
    return realPath(path);
  } catch (error) {
    if (error instanceof BenchtopError && error.code === 'not-found') return path;
    throw error;
  }
}

/** The innermost project that holds a path. */
function projectAt(projects: readonly ProjectPlace[], path: string): ProjectPlace | null {
  const holding = projects
    .filter((project) => isWithin(project.path, path))
    .toSorted((a, b) => b.path.length - a.path.length);
  return holding[0] ?? null;
}
