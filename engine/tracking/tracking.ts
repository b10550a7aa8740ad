import type Database from 'better-sqlite3';
import { type ComparableRuns, type RoomHandlers, type Run } from '../../contract/index.ts';
import { prepared, type Store } from '../store/index.ts';
import { newRunId } from '../run-id.ts';
import { artifactBytes, artifactsOf } from './artifact-view.ts';
import { createFeed } from './feed.ts';
import { removeRule, rulesOf, setRule } from './measure-rules.ts';
import { queries } from './queries.ts';
import { bareRun, runsOf, runTimes, type BareRun, type RunRow, type RunTimes } from './rows.ts';
import { seriesInShares } from './series-in-shares.ts';
import * as writes from './writes.ts';
import { createIntake } from './points/intake.ts';
import { batchOfPoints, batchSize, pointsOfKey, type Point, type PointBatch } from './points/point-batch.ts';
import { joinedPoints } from './points/point-columns.ts';
import type { PointOrigin } from './points/series-numbers.ts';
import type { NewRun, RunChange } from './writes.ts';

/** What others in the engine may record. Every promise but that of `endRun` resolves when the change is on disk. */
export interface Recorder {
  createRun(
    input: Omit<NewRun, 'id' | 'name' | 'experimentId' | 'parentRunId'> & {
      /** A new one when left out. */
      id?: string | undefined;
      name?: string | undefined;
      experimentId?: string;
      parentRunId?: string | null;
      params?: Readonly<Record<string, string>>;
      tags?: Readonly<Record<string, string>>;
      /** What is to be recorded in the same commit. */
      together?: ((db: Database.Database) => void) | undefined;
      /** Resolve as soon as it outlives this process; it is on disk a moment later (`durable`). */
      isSoon?: boolean | undefined;
    },
  ): Promise<Pick<Run, 'id'>>;
  updateRun(runId: string, change: RunChange): Promise<void>;
  logPoints(runId: string, points: readonly Point[], options: { origin: PointOrigin }): Promise<void>;
  /** The first value of a param stays; resolves to the names whose new value differs. */
  logParams(runId: string, params: Readonly<Record<string, string>>): Promise<string[]>;
  setTags(runId: string, tags: Readonly<Record<string, string>>): Promise<void>;
  addArtifact(runId: string, artifact: { path: string; objectId: string; sizeBytes: number }): Promise<void>;
  /** The last that is recorded of a run, in one commit: who sees its end sees all that it has left. On disk a moment later (`durable`). */
  endRun(
    runId: string,
    end: RunChange,
    left: {
      readonly artifacts: readonly { path: string; objectId: string; sizeBytes: number }[];
      readonly params: Readonly<Record<string, string>>;
      readonly tags: Readonly<Record<string, string>>;
    },
  ): Promise<void>;
  /** Resolves when all that can be read by now is on disk. */
  durable(): Promise<void>;
  /** As `durable`, without hurrying the disk. */
  durableSoon(): Promise<void>;
  /** @throws {BenchtopError} `not-found`. */
  run(runId: string): Run;
  /**
   * Runs of this engine's own recorded as queued or running: at its start, those whose end has to be found out. What an
   * MLflow client logs is not among them; the client alone knows how it ends.
   */
  unfinishedRuns(): Run[];
  /** Runs of a project that are over, of those commands that are wanted, the newest first; looks at its last 300. */
  earlierRuns(projectId: string, isWanted: (command: readonly string[]) => boolean, limit: number): Run[];
  /** Of the runs of the same project whose commands are wanted, those that a run is best held against. */
  comparableRuns(runId: string, isWanted: (command: readonly string[]) => boolean): Promise<ComparableRuns>;
}

export interface Tracking extends Recorder {
  /** As `run`, for what needs neither params nor tags nor metrics. @throws {BenchtopError} `not-found`. */
  bareRun(runId: string): BareRun;
  /** @throws {BenchtopError} `not-found`. */
  timesOf(runId: string): RunTimes;
  /** Does several of this room's writes in one transaction, then tells the windows of the runs it names. */
  record<T>(name: string, work: (db: Database.Database) => Recorded<T>): Promise<T>;
  /**
   * Stores points, and what else the work does with their run, in one small commit. The work must not look at metrics:
   * those of calls just before it may not be in their series yet.
   */
  recordPoints(name: string, work: (db: Database.Database) => Arriving): Promise<void>;
  readonly handlers: RoomHandlers<'tracking'>;
  /** Tells every window that the list of projects changed. */
  projectsChanged(): void;
  /** Tells every window that something in the registry changed. */
  modelsChanged(): void;
  /** Tells every window that a monitor changed, or found something. */
  monitorsChanged(): void;
}

type Change = { kind: 'runs'; runIds: string[] } | { kind: 'projects' | 'models' | 'monitors' };
interface Growth {
  readonly runId: string;
  readonly batch: PointBatch;
}
interface Recorded<T> {
  value: T;
  runIds?: readonly string[];
}
interface Arriving {
  readonly run: { readonly id: number; readonly runId: string };
  readonly batch: PointBatch;
  readonly origin: PointOrigin;
}

/** Of a run that nobody has named. */
export const usualName = (runId: string): string => `run-${runId.slice(0, 6)}`;

/** What a window that lost its link may ask for again; a point takes 24 bytes. */
const keptPoints = 200_000;

export function createTracking(store: Store, now: () => number): Tracking {
  const changes = createFeed<Change>(4096);
  const growth = createFeed<Growth>(keptPoints, ({ batch }) => 10 + batchSize(batch));
  const intake = createIntake(store);
  const changed = (...runIds: string[]) => changes.publish({ kind: 'runs', runIds });

  /** Writes, then tells. */
  async function record<T>(
    name: string,
    runIds: readonly string[],
    work: Parameters<typeof store.write<T>>[1],
    commit: typeof store.write = store.write,
  ): Promise<T> {
    const result = await commit(`tracking.${name}`, work);
    changed(...runIds);
    return result;
  }

  function rowOf(db: Database.Database, runId: string): RunRow {
    const row = prepared(db, 'SELECT * FROM run WHERE run_id = ?').get(runId) as RunRow | undefined;
    if (row === undefined) throw writes.noRun(runId);
    return row;
  }

  const runOf = (runId: string): Run => store.now((db) => runsOf(db, [rowOf(db, runId)])[0] as Run);

  const recorder: Recorder = {
    async createRun({ id = newRunId(), params = {}, tags = {}, together, isSoon, ...input }) {
      const run: NewRun = {
        experimentId: '0',
        parentRunId: null,
        ...input,
        id,
        name: input.name ?? usualName(id),
      };
      const insert = (db: Database.Database): void => {
        const number = writes.insertRun(db, run);
        writes.insertParams(db, id, params, number);
        writes.setTags(db, id, tags, number);
        together?.(db);
      };
      await record('createRun', [id], insert, isSoon === true ? store.writeCommitted : store.write);
      return { id };
    },
    updateRun: (runId, change) => record('updateRun', [runId], (db) => writes.changeRun(db, runId, change)),
    logPoints: (runId, points, { origin }) =>
      recordPoints('logPoints', (db) => ({
        run: { id: writes.runNumber(db, runId), runId },
        batch: batchOfPoints(points),
        origin,
      })),
    logParams: (runId, params) =>
      record('logParams', [runId], (db) => writes.insertParams(db, runId, params)),
    setTags: (runId, tags) => record('setTags', [runId], (db) => writes.setTags(db, runId, tags)),
    addArtifact: (runId, artifact) =>
      record('addArtifact', [runId], (db) => writes.upsertArtifact(db, runId, artifact)),
    async endRun(runId, end, { artifacts, params, tags }) {
      await store.writeSoon('tracking.endRun', (db) => {
        for (const artifact of artifacts) writes.upsertArtifact(db, runId, artifact);
        writes.insertParams(db, runId, params);
        writes.setTags(db, runId, tags);
        writes.changeRun(db, runId, end);
      });
      changed(runId);
    },
    durable: store.durable,
    durableSoon: store.durableSoon,
    run: runOf,
    unfinishedRuns: () =>
      store.now((db) =>
        runsOf(
          db,
          db
            .prepare(
              "SELECT * FROM run WHERE status IN ('queued', 'running') AND source != 'mlflow' ORDER BY id",
            )
            .all() as RunRow[],
        ),
      ),
    earlierRuns: (projectId, isWanted, limit) =>
      store.now((db) => {
        const rows = prepared(
          db,
          `SELECT id, command FROM run WHERE project_id = ? AND deleted_at IS NULL AND ended_at IS NOT NULL
           ORDER BY created_at DESC, id DESC LIMIT 300`,
        ).all(projectId) as { id: number; command: string }[];
        // Asked at every start, and many runs have the same command.
        const known = new Map<string, boolean>();
        const wanted: number[] = [];
        for (const { id, command } of rows) {
          if (wanted.length === limit) break;
          const is = known.get(command) ?? isWanted(JSON.parse(command) as string[]);
          known.set(command, is);
          if (is) wanted.push(id);
        }
        if (wanted.length === 0) return [];
        return runsOf(
          db,
          prepared(
            db,
            'SELECT * FROM run WHERE id IN (SELECT value FROM json_each(?)) ORDER BY created_at DESC, id DESC',
          ).all(JSON.stringify(wanted)) as RunRow[],
        );
      }),
    async comparableRuns(runId, isWanted) {
      const commands = await store.query(queries, 'tracking.commandsBeside', { runId });
      const otherIds = commands.filter(({ command }) => isWanted(command)).map((other) => other.runId);
      return store.query(queries, 'tracking.comparable', { runId, otherIds });
    },
  };

  const handlers: RoomHandlers<'tracking'> = {
    searchRuns: (input) => store.query(queries, 'tracking.searchRuns', input),
    countRuns: (input) => store.query(queries, 'tracking.countRuns', input),
    run: ({ runId }) => runOf(runId),
    series: (input) => seriesInShares(store, input),
    async updateRun({ runId, setTags = {}, removeTags = [], ...change }) {
      await record('updateRun', [runId], (db) => {
        writes.changeRun(db, runId, change as RunChange);
        writes.setTags(db, runId, setTags);
        writes.removeTags(db, runId, removeTags);
      });
      return runOf(runId);
    },
    async deleteRuns({ runIds }) {
      await record('deleteRuns', runIds, (db) => writes.markDeleted(db, runIds, now()));
      return {};
    },
    async restoreRuns({ runIds }) {
      await record('restoreRuns', runIds, (db) => writes.markDeleted(db, runIds, null));
      return {};
    },
    measureRules: ({ projectId }) => store.now((db) => rulesOf(db, projectId)),
    async setMeasureRule({ projectId, name, shownName }) {
      await changeRules('setMeasureRule', (db) => setRule(db, projectId, { name, shownName }, now()));
      return {};
    },
    async removeMeasureRule({ projectId, name }) {
      await changeRules('removeMeasureRule', (db) => removeRule(db, projectId, name));
      return {};
    },
    artifacts: ({ runId, folder }) => artifactsOf(store, runId, folder),
    artifactBytes: ({ runId, path, offset, limit }) => artifactBytes(store, { runId, path }, offset, limit),
    async *changes(_input, { signal, after }) {
      // A table that is redrawn more often than ten times a second helps nobody.
      for await (const { cursor, event } of changes.follow(after, signal, 100)) {
        if (event === null) {
          yield { cursor, event: { kind: 'reset' } };
          continue;
        }
        const runIds = new Set(event.flatMap((change) => (change.kind === 'runs' ? change.runIds : [])));
        for (const kind of ['projects', 'models'] as const)
          if (event.some((change) => change.kind === kind)) yield { cursor, event: { kind } };
        if (runIds.size > 0) yield { cursor, event: { kind: 'runs', runIds: [...runIds] } };
      }
    },
    async *growth({ runIds }, { signal, after }) {
      const wanted = runIds === undefined ? null : new Set(runIds);
      for await (const { cursor, event } of growth.follow(after, signal, 50)) {
        if (event === null) yield { cursor, event: { kind: 'reset' } };
        else {
          const series = grownSeries(event.filter((grown) => wanted === null || wanted.has(grown.runId)));
          if (series.length > 0) yield { cursor, event: { kind: 'points', series } };
        }
      }
    },
  };

  async function changeRules(name: string, work: (db: Database.Database) => string[]): Promise<void> {
    const runIds = await store.write(`tracking.${name}`, (db) => {
      intake.forgetNames();
      return work(db);
    });
    changed(...runIds);
  }

  async function recordAll<T>(
    name: string,
    work: Parameters<typeof store.write<Recorded<T>>>[1],
  ): Promise<T> {
    const { value, runIds = [] } = await store.write(`tracking.${name}`, work);
    if (runIds.length > 0) changed(...runIds);
    return value;
  }

  async function recordPoints(name: string, work: (db: Database.Database) => Arriving): Promise<void> {
    const { run, arrival: arrived } = await store.append(
      `tracking.${name}`,
      (db) => {
        const arriving = work(db);
        const { run: own, batch, origin } = arriving;
        return { ...arriving, arrival: intake.append(db, own, batch, origin) };
      },
      ({ arrival }) => intake.accepted(arrival),
    );
    if (arrived !== null) growth.publish({ runId: run.runId, batch: arrived.batch });
    changed(run.runId);
  }

  return {
    ...recorder,
    bareRun: (runId) => store.now((db) => bareRun(rowOf(db, runId))),
    timesOf(runId) {
      const times = store.now((db) => runTimes(db, runId));
      if (times === null) throw writes.noRun(runId);
      return times;
    },
    record: recordAll,
    recordPoints,
    handlers,
    projectsChanged: () => changes.publish({ kind: 'projects' }),
    modelsChanged: () => changes.publish({ kind: 'models' }),
    monitorsChanged: () => changes.publish({ kind: 'monitors' }),
  };
}

/** Gathers a batch of growth into one set of columns for each series. A point that was sent twice may be there twice. */
function grownSeries(growths: readonly Growth[]) {
  const grown = growths.flatMap(({ runId, batch }) =>
    batch.keys.map((key, number) => ({ runId, key, points: pointsOfKey(batch, number) })),
  );
  const bySeries = Map.groupBy(grown, ({ runId, key }) => `${runId} ${key}`);
  return [...bySeries.values()].map((own) => {
    const { steps, times, values } = joinedPoints(own.map(({ points }) => points));
    // Copies: a view of a larger buffer would send all of it.
    return {
      runId: own[0]?.runId ?? '',
      key: own[0]?.key ?? '',
      steps: steps.slice(),
      times: times.slice(),
      values: values.slice(),
    };
  });
}
