import {
  BenchtopError,
  type CheckoutEvent,
  type DataDelta,
  type ProfileEvent,
  type ProjectPlace,
  type RoomHandlers,
  type RunData,
  type SnapshotEvent,
  type StreamItem,
} from '../../contract/index.ts';
import { isWithin } from '../is-within.ts';
import type { Objects } from '../objects/index.ts';
import type { Store } from '../store/index.ts';
import type { BareRun } from '../tracking/index.ts';
import { withProgress } from '../with-progress.ts';
import { checkoutVersion } from './checkout-version.ts';
import { dataSet, dataSets, isListed, latestVersionOf, versionByPrefix } from './data-sets.ts';
import { keepObjects } from './keep-objects.ts';
import { lineageOf } from './lineage.ts';
import {
  manifestBelow,
  manifestText,
  objectsOf,
  readManifest,
  versionOf,
  type Manifest,
} from './manifest.ts';
import { noteOutput } from './declared-data.ts';
import { createLooks, type Looks, type Seen } from './looks.ts';
import { createRunDataRecorder, type RunDataRecorder } from './record-run-data.ts';
import { runDataOf } from './run-data.ts';
import { placeVersion } from './place-version.ts';
import { unlessLost } from './read-tree.ts';
import { realPath } from './real-path.ts';
import { currentContent, readVersion, takeSnapshot, type SnapshotTools } from './take-snapshot.ts';
import { changedFiles, type ChangedFiles } from './changed-files.ts';
import type { TableProcess } from './tables/table-reader.ts';
import { momentsOf } from './timeline.ts';
import { versionDelta } from './version-delta.ts';
import { createVersionTables, type VersionTables } from './version-tables.ts';

/** A version that was recorded, and the path of which it is, with its links resolved. */
export type Kept = Pick<Seen, 'path' | 'version'>;

export interface Data {
  readonly handlers: RoomHandlers<'data'>;
  /** What runs read and wrote; see RunDataRecorder. */
  readonly runs: Pick<RunDataRecorder, 'started' | 'takenUp' | 'opened' | 'logged' | 'settled'>;
  /** Goes on with what an engine before this one had begun and not finished; reading goes on after it resolves. */
  recover(): Promise<void>;
  /** What a run read, then what it wrote. */
  ofRun(runId: string): RunData[];
  /** As `ofRun`; of a run that has ended, when all of it is recorded. @throws {BenchtopError} `not-found`. */
  recordedOf(runId: string): Promise<RunData[]>;
  /** What differs between two versions but for pieces. @throws {BenchtopError} `not-found`. */
  compare(before: string, after: string): Promise<Omit<DataDelta, 'chunks'>>;
  /** What versions and files hold, read as tables. */
  readonly tables: Omit<VersionTables, 'rows' | 'close'>;
  /** The files and links of a version. @throws {BenchtopError} `not-found`. */
  manifest(version: string): Promise<Manifest>;
  /** What a path holds now, as the version it would be; null where that cannot be told. Records nothing. */
  versionAt(path: string, signal: AbortSignal): Promise<string | null>;
  /**
   * What a path holds, as the version it would be: as was seen at some time after `since` (Looks), by whomever. Records nothing.
   * @throws {BenchtopError} as a snapshot.
   */
  seenSince: Looks['since'];
  /**
   * Records what a path holds now as a version of it.
   * @returns null for one that could not be read whole. @throws {BenchtopError} as a snapshot.
   */
  keep(path: string, signal: AbortSignal): Promise<string | null>;
  /**
   * As `keep`, for what a run has written, which is on disk a moment later (Store.writeSoon).
   * @param writtenBy the run that has declared it as its output, and is recorded with it; null for none.
   */
  keepOutput(path: string, signal: AbortSignal, writtenBy: string | null): Promise<Kept | null>;
  /**
   * Within the commit that records a run: what it reads, of which these versions are known. Those that are not recorded are left to
   * `runs.started`, which reads them.
   */
  noteInputs: RunDataRecorder['noteKnown'];
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
  run: (runId: string) => BareRun;
  onUnexpected: (error: unknown, where: string) => void;
  /** How the process that reads tables is started; as a child of Node when left out. */
  startTables?: () => TableProcess;
}): Data {
  const { homePath, store, objects, now, projects, run, onUnexpected, startTables } = options;
  const closing = new AbortController();
  const tools: SnapshotTools = {
    store,
    objects,
    now,
    projectAt: (path) => projectAt(projects(), path)?.id ?? null,
  };
  const looks = createLooks(tools);
  const runs = createRunDataRecorder({
    tools,
    looks,
    run,
    projectPathAt: (path) => projectAt(projects(), path)?.path ?? null,
    onUnexpected,
  });
  const ofRun = (runId: string) => store.now((db) => runDataOf(db, runId));
  const versionWithManifest = (id: string) => readVersion(tools, id);
  const tables = createVersionTables({
    homePath,
    store,
    objects,
    manifestOf: async (version) => (await versionWithManifest(version)).manifest,
    startTables,
  });
  const isKept = (version: string) => store.now((db) => isListed(db, objects, version));

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

  async function keep(path: string, options: Parameters<typeof takeSnapshot>[2]): Promise<Kept | null> {
    const taken = await takeSnapshot(tools, path, options);
    looks.recorded(taken);
    return taken.problems.length === 0 ? { path: taken.path, version: taken.version.version } : null;
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
      compareTables: (asked, { signal }) => tables.compare(asked, signal),
      rows: ({ objectId, name, offset, limit }, { signal }) =>
        tables.rows({ objectId, name }, { offset, limit }, signal),
      query: (asked, { signal }) => tables.query(asked, signal),
      profile: ({ table }, { signal }) =>
        withProgress<ProfileEvent>(AbortSignal.any([signal, closing.signal]), async (tell, ended) => ({
          kind: 'done',
          profile: await tables.profile(table, ended, (told) => tell({ kind: 'progress', ...told })),
        })),
      drift: (asked, { signal }) => tables.drift(asked, signal),
      estimate: (asked, { signal }) => tables.estimate(asked, signal),
      checkout: ({ version, destination }, { signal }) => checkout(version, destination, signal),
      ofRun: ({ runId }) => ofRun(runId),
      lineage: (start) => store.now((db) => lineageOf(db, start)),
    },
    runs,
    ofRun,
    async recordedOf(runId) {
      if (run(runId).endedAt !== null) await runs.finished(runId);
      return ofRun(runId);
    },
    compare: async (before, after) =>
      versionDelta(await versionWithManifest(before), await versionWithManifest(after)),
    tables,
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
    seenSince: looks.since,
    keep: async (path, signal) => (await keep(path, { signal }))?.version ?? null,
    keepOutput: (path, signal, writtenBy) =>
      keep(path, {
        signal,
        isSoon: true,
        ...(writtenBy === null ? {} : { together: (db, taken) => noteOutput(db, writtenBy, taken) }),
      }),
    noteInputs: runs.noteKnown,
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
    },
  };
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
