import type Database from 'better-sqlite3';
import { lstatSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BenchtopError, errorShapeOf, type DataKnownBy, type Run } from '../../contract/index.ts';
import { isWithin } from '../is-within.ts';
import { prepared } from '../store/index.ts';
import { dataSetNumber } from './data-sets.ts';
import { localPath, mayBeData, namedPaths } from './input-paths.ts';
import {
  noteRunData,
  recordRunData,
  removeRunData,
  runDataOf,
  settleRunData,
  unreadRunData,
  type RunDataKey,
  type RunDataOutcome,
} from './run-data.ts';
import {
  currentContent,
  realPath,
  takeSnapshot,
  type SnapshotTools,
  type TakenSnapshot,
} from './take-snapshot.ts';

/** What was declared of a run's inputs; paths are absolute, or seen from its working folder. */
export interface StartedRun {
  readonly command: readonly string[];
  readonly workingFolder: string;
  readonly inputs: readonly string[];
  /** Milliseconds UTC: files that were there before it bear an earlier time. */
  readonly beganAt: number;
}

/** Records which data runs read, beside them: everything here returns at once and never throws. */
export interface RunDataRecorder {
  /** @param ended settles when the run has ended; it rejects when this engine leaves before. */
  started(runId: string, run: StartedRun, ended: Promise<unknown>): void;
  /** A run that an engine before this one started: as `started`, but what it read was noted then. */
  takenUp(runId: string, ended: Promise<unknown>): void;
  /** Reads what an engine before this one had noted and not read. */
  readAgain(): void;
  /** Files that processes of a run had open for reading. */
  opened(runId: string, paths: readonly string[]): void;
  /** Where data sets that an MLflow client logged say that they come from. */
  logged(runId: string, sources: readonly string[]): void;
  /** Resolves when nothing is being read for runs that have ended. */
  settled(): Promise<void>;
  /** Resolves when a run has ended and what it read is recorded; at once for one that this engine does not follow. */
  finished(runId: string): Promise<void>;
  close(): Promise<void>;
}

/** What a run names without a person having said so is read up to this; more is for `benchtop data snapshot`. */
const bounds = { files: 100_000, bytes: 20e9 };
/** More files than these that are open in one folder stand for the folder. */
const filesOfFolder = 10;
const dataSetsOfRun = 200;
/** The end of a run is told by another clock than files have. */
const clockSlackMs = 20;

interface Followed {
  readonly projectPath: string | null;
  /** Files that were there before the run bear an earlier time, milliseconds UTC. */
  readonly startedAt: number;
  readonly workingFolder: string | null;
  /** Absolute paths of what was noted already. */
  readonly noted: Set<string>;
  readonly filesIn: Map<string, string[]>;
  work: Promise<void>;
}

export function createRunDataRecorder({
  tools,
  run,
  projectPathAt,
  onUnexpected,
}: {
  tools: SnapshotTools;
  /** @throws {BenchtopError} `not-found`. */
  run: (runId: string) => Run;
  projectPathAt: (path: string) => string | null;
  onUnexpected: (error: unknown, where: string) => void;
}): RunDataRecorder {
  const { store, now, projectAt } = tools;
  const followed = new Map<string, Followed>();
  const finishing = new Map<string, Promise<void>>();
  const closing = new AbortController();
  // One folder is read at a time, whatever runs there are: the runs need the disk more than their record does.
  let reading: Promise<void> = Promise.resolve();

  function follow(runId: string, begun?: Pick<StartedRun, 'workingFolder' | 'beganAt'>): Followed {
    const known = followed.get(runId);
    if (known !== undefined) return known;
    const { workingFolder, beganAt } = begun ?? beginningOf(run(runId));
    const entry: Followed = {
      projectPath: workingFolder === null ? null : projectPathAt(workingFolder),
      startedAt: beganAt,
      workingFolder,
      noted: new Set(),
      filesIn: new Map(),
      work: Promise.resolve(),
    };
    followed.set(runId, entry);
    return entry;
  }

  /** Notes one path and reads it as soon as it is its turn. */
  function note(runId: string, asked: string, knownBy: DataKnownBy): void {
    const entry = follow(runId);
    const path = knownPath(asked);
    const isCovered = [...entry.noted].some((other) => other !== path && isWithin(other, path));
    if (knownBy === 'named' || knownBy === 'observed') {
      if (isCovered || entry.noted.size >= dataSetsOfRun || isMadeBy(entry, path)) return;
    }
    const isKnown = entry.noted.has(path);
    entry.noted.add(path);
    const work = async () => {
      const key = await store.writeSoon('data.note', (db) =>
        noteRunData(db, {
          runId,
          dataSetId: dataSetNumber(db, { path, projectId: projectAt(path), at: now() }),
          role: 'input',
          knownBy,
        }),
      );
      if (isKnown) return;
      const turn = reading.then(() => read(key, path));
      reading = turn.catch(() => undefined);
      await turn;
    };
    entry.work = Promise.all([entry.work, work().catch(unexpected(runId))]).then(() => undefined);
  }

  /** @param lateMs what was written from then on may be something else than what the run read, milliseconds UTC. */
  async function read(key: RunDataKey, path: string, lateMs = Infinity): Promise<void> {
    if (closing.signal.aborted) return;
    try {
      await takeSnapshot(tools, path, {
        signal: closing.signal,
        bounds,
        isSoon: true,
        together: (db, taken) => settleRunData(db, key, outcomeOf(taken, lateMs)),
      });
    } catch (error) {
      if (closing.signal.aborted) return;
      const { code, what, evidence } = errorShapeOf(error);
      await settle(key, {
        state: code === 'conflict' ? 'changed' : 'failed',
        version: null,
        note: evidence === undefined ? what : `${what} ${evidence}`,
      });
    }
  }

  const settle = (key: RunDataKey, outcome: RunDataOutcome) =>
    store.writeSoon('data.settle', (db) => settleRunData(db, key, outcome));

  /**
   * Whether what the run read is still what was recorded, and was there when it began. What nobody has said to be an input, and was
   * written meanwhile, is a result of the run.
   */
  async function lookAgain(runId: string): Promise<void> {
    // Known exactly by now: it was the supervisor that saw the program begin.
    const { startedAt, endedAt } = run(runId);
    for (const row of store.now((db) => runDataOf(db, runId))) {
      if (row.role !== 'input' || row.version === null || closing.signal.aborted) continue;
      const turn = reading.then(() => currentContent(tools, row.path, closing.signal));
      reading = turn.then(
        () => undefined,
        () => undefined,
      );
      const is = await turn.catch(() => null); // gone, or not to be read any more
      if (closing.signal.aborted) return;
      // What a client logs it may have made itself before.
      const isLate =
        is?.version.version === row.version.version &&
        startedAt !== null &&
        is.newestMs >= startedAt &&
        row.knownBy.some((by) => by !== 'logged');
      if (is?.version.version === row.version.version && !isLate) continue;
      // Whoever edits a file as soon as the run is through, or while the engine is away.
      if (is !== null && endedAt !== null && is.newestMs > endedAt + clockSlackMs) {
        await settle(row, { state: row.state, version: row.version.version, note: writtenAfter });
        continue;
      }
      const isGuessed = row.knownBy.every((by) => by === 'named' || (isLate && by === 'observed'));
      if (isGuessed) await store.write('data.drop', (db) => removeRunData(db, row));
      else
        await settle(row, {
          state: 'changed',
          version: row.version.version,
          note: isLate
            ? writtenLate
            : 'Its content changed while the run went on: the run may have read something else than this version.',
        });
    }
  }

  async function finish(runId: string): Promise<void> {
    const { work, noted } = follow(runId);
    await work;
    if (noted.size > 0) await lookAgain(runId);
    followed.delete(runId);
  }

  /** Sees to what is to be done when a run has ended, until the engine leaves. */
  function awaitEnd(runId: string, ended: Promise<unknown>): void {
    const last = ended.then(
      () => finish(runId).catch(unexpected(runId)),
      // The engine leaves, and the run goes on without it.
      () => undefined,
    );
    finishing.set(runId, last);
    void last.then(() => finishing.delete(runId));
  }

  const unexpected = (runId: string) => (error: unknown) => {
    if (!closing.signal.aborted) onUnexpected(error, `the data of run ${runId}`);
  };
  /** What goes wrong here is never the caller's. */
  function guarded(runId: string, work: () => void): void {
    try {
      if (store.readOnlyReason === null && !closing.signal.aborted) work();
    } catch (error) {
      unexpected(runId)(error);
    }
  }

  /** Many files of one folder are one data set. The folder that a run works in is none: its code and results lie there, too. */
  function noteFolder(runId: string, entry: Followed, folder: string, files: readonly string[]): void {
    note(runId, folder, 'observed');
    const drop = store.write('data.fold', (db) => {
      for (const row of runDataOf(db, runId))
        if (files.includes(row.path) && row.knownBy.every((by) => by === 'observed')) removeRunData(db, row);
    });
    entry.work = Promise.all([entry.work, drop.catch(unexpected(runId))]).then(() => undefined);
  }

  return {
    started(runId, started, ended) {
      guarded(runId, () => {
        const { projectPath, noted } = follow(runId, started);
        if (started.inputs.length > 0)
          for (const { path } of store.now((db) => runDataOf(db, runId))) noted.add(path);
        for (const input of started.inputs) {
          const path = resolve(started.workingFolder, input);
          if (!noted.has(knownPath(path))) note(runId, path, 'declared');
        }
        if (projectPath !== null)
          for (const path of namedPaths(started.command, started.workingFolder, projectPath))
            note(runId, path, 'named');
      });
      awaitEnd(runId, ended);
    },
    takenUp(runId, ended) {
      guarded(runId, () => {
        const entry = follow(runId);
        for (const { path, role } of store.now((db) => runDataOf(db, runId)))
          if (role === 'input') entry.noted.add(path);
      });
      awaitEnd(runId, ended);
    },
    readAgain() {
      for (const row of store.now(unreadRunData))
        guarded(row.runId, () => {
          const entry = follow(row.runId);
          const lateMs = row.role === 'input' ? entry.startedAt : Infinity;
          const turn = reading.then(() => read(row, row.path, lateMs));
          reading = turn.catch(unexpected(row.runId));
          entry.work = Promise.all([entry.work, reading]).then(() => undefined);
          if (run(row.runId).endedAt !== null) void entry.work.then(() => followed.delete(row.runId));
        });
    },
    opened(runId, paths) {
      guarded(runId, () => {
        const entry = follow(runId);
        for (const path of paths) {
          if (!mayBeData(path, entry.projectPath)) continue;
          const folder = dirname(path);
          const files = entry.filesIn.get(folder) ?? [];
          if (files.includes(path)) continue;
          entry.filesIn.set(folder, [...files, path]);
          const isOwn = entry.workingFolder !== null && isWithin(folder, entry.workingFolder);
          if (isOwn || files.length < filesOfFolder) note(runId, path, 'observed');
          else if (files.length === filesOfFolder) noteFolder(runId, entry, folder, files);
        }
      });
    },
    logged(runId, sources) {
      guarded(runId, () => {
        const entry = follow(runId);
        for (const source of sources) {
          const path = localPath(source, entry.workingFolder);
          if (path !== null) note(runId, path, 'logged');
        }
      });
    },
    finished: async (runId) => finishing.get(runId),
    async settled() {
      await Promise.all(finishing.values());
      await Promise.all([...followed.values()].map(({ work }) => work));
    },
    async close() {
      closing.abort();
      await Promise.all([...followed.values()].map(({ work }) => work));
      await Promise.all(finishing.values());
      await reading;
    },
  };
}

/** Within the commit that records a run: that it reads a path, declared as its input, of which this is the latest recorded version. */
export function noteKnownInput(
  db: Database.Database,
  runId: string,
  { path, version, at }: { path: string; version: string; at: number },
): void {
  const dataSetId = prepared(
    db,
    `UPDATE data_moment SET last_seen_at = ?
     WHERE id = (SELECT id FROM data_moment WHERE data_set = (SELECT id FROM data_set WHERE path = ?) ORDER BY id DESC LIMIT 1)
       AND version = ? AND problem_count = 0
     RETURNING data_set`,
  )
    .pluck()
    .get(at, knownPath(path), version) as number | undefined;
  if (dataSetId !== undefined)
    recordRunData(
      db,
      { runId, dataSetId, role: 'input', knownBy: 'declared' },
      { state: 'recorded', version, note: null },
    );
}

const beginningOf = ({ workingFolder, startedAt, createdAt }: Run) => ({
  workingFolder,
  beganAt: startedAt ?? createdAt,
});

/** Records that a run wrote what was taken of one of its declared outputs. */
export function noteOutput(db: Database.Database, runId: string, taken: TakenSnapshot): void {
  const { dataSetId } = taken;
  recordRunData(db, { runId, dataSetId, role: 'output', knownBy: 'declared' }, outcomeOf(taken, Infinity));
}

function outcomeOf({ version, problems, newestMs }: TakenSnapshot, lateMs: number): RunDataOutcome {
  const [problem] = problems;
  const isLate = newestMs >= lateMs;
  return {
    state: isLate || problems.some(({ kind }) => kind === 'changed') ? 'changed' : 'recorded',
    version: version.version,
    note:
      problem === undefined
        ? isLate
          ? writtenLate
          : null
        : `${problems.length} of its files are not in the version: ${problem.path}: ${problem.what}`,
  };
}

const writtenLate =
  'It was written to after the run began and before it was read for the record: the run may have read something else than this version.';
const writtenAfter =
  'It was written to after the run had ended, before Benchtop looked at it again: whether it was before that too cannot be told.';

/** A file that was written since the run began is a result of it, or of somebody else meanwhile: nothing that it was given. */
function isMadeBy({ startedAt }: Followed, path: string): boolean {
  try {
    const status = lstatSync(path);
    return status.isFile() && status.mtimeMs >= startedAt;
  } catch {
    return false; // gone: whoever reads it will tell
  }
}

/** With its links resolved where it is there: a run may name something that is not. */
function knownPath(path: string): string {
  try {
    return realPath(path);
  } catch (error) {
    if (error instanceof BenchtopError) return path;
    throw error;
  }
}
