import type Database from 'better-sqlite3';
import { dirname, resolve } from 'node:path';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { errorShapeOf, type DataKnownBy } from '../../contract/index.ts';
import { isWithin } from '../is-within.ts';
import type { BareRun } from '../tracking/index.ts';
import { setNewest } from '../set-newest.ts';
import { dataSetNumber } from './data-sets.ts';
import { localPath, mayBeData, namedPaths } from './input-paths.ts';
import { noteKnownInput, type KnownInput } from './declared-data.ts';
import { isCovered, isMadeBy, takeNoted, unread, type FollowedRun, type NotedInput } from './followed-run.ts';
import type { Looks } from './looks.ts';
import { resolvedPath } from './real-path.ts';
import { outcomeOf, writtenLate } from './run-data-outcome.ts';
import {
  notedInputs,
  noteRunData,
  removeRunData,
  settleRunData,
  unreadRunData,
  type NotedData,
  type RunDataKey,
  type RunDataOutcome,
} from './run-data.ts';
import { takeSnapshot, type SnapshotTools } from './take-snapshot.ts';

/** What was declared of a run's inputs; paths are absolute, or seen from its working folder. */
export interface StartedRun {
  readonly command: readonly string[];
  readonly workingFolder: string;
  readonly inputs: readonly string[];
  /** Milliseconds UTC: files that were there before it bear an earlier time. */
  readonly beganAt: number;
}

/** Records which data runs read, beside them: everything here returns at once and never throws, but `noteKnown`. */
export interface RunDataRecorder {
  /** Within the commit that records a run: what it reads, of which these versions are known. What is not so is left to `started`. */
  noteKnown(db: Database.Database, runId: string, inputs: readonly KnownInput[]): void;
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
/** What is noted of more runs than these, which wait to be started, is read again. */
const beginningAtMost = 1000;
/** The end of a run is told by another clock than files have. */
const clockSlackMs = 20;

export function createRunDataRecorder({
  tools,
  looks,
  run,
  projectPathAt,
  onUnexpected,
}: {
  tools: SnapshotTools;
  looks: Looks;
  /** @throws {BenchtopError} `not-found`. */
  run: (runId: string) => BareRun;
  projectPathAt: (path: string) => string | null;
  onUnexpected: (error: unknown, where: string) => void;
}): RunDataRecorder {
  const { store, now, projectAt } = tools;
  const followed = new Map<string, FollowedRun>();
  const finishing = new Map<string, Promise<void>>();
  /** What was noted of runs that this engine is about to start. */
  const beginning = new Map<string, readonly NotedData[]>();
  const closing = new AbortController();
  // One folder is read at a time, whatever runs there are: the runs need the disk more than their record does.
  let reading: Promise<void> = Promise.resolve();

  function follow(runId: string, begun?: Pick<StartedRun, 'workingFolder' | 'beganAt'>): FollowedRun {
    const known = followed.get(runId);
    if (known !== undefined) return known;
    const { workingFolder, beganAt } = begun ?? beginningOf(run(runId));
    const entry: FollowedRun = {
      projectPath: workingFolder === null ? null : projectPathAt(workingFolder),
      startedAt: beganAt,
      workingFolder,
      noted: new Map(),
      filesIn: new Map(),
      work: Promise.resolve(),
    };
    followed.set(runId, entry);
    return entry;
  }

  /** Notes one path and reads it as soon as it is its turn. */
  function note(runId: string, asked: string, knownBy: DataKnownBy): void {
    const entry = follow(runId);
    const path = resolvedPath(asked);
    const isGuess = knownBy === 'named' || knownBy === 'observed';
    if (isGuess && (entry.noted.size >= dataSetsOfRun || isMadeBy(entry, path) || isCovered(entry, path)))
      return;
    const known = entry.noted.get(path);
    const input = known ?? { path, knownBy: new Set(), key: null, outcome: unread };
    input.knownBy.add(knownBy);
    entry.noted.set(path, input);
    const work = async () => {
      const key = await store.writeSoon('data.note', (db) =>
        noteRunData(db, {
          runId,
          dataSetId: dataSetNumber(db, { path, projectId: projectAt(path), at: now() }),
          role: 'input',
          knownBy,
        }),
      );
      input.key = key;
      if (known !== undefined) return;
      const turn = reading.then(() => read(key, input));
      reading = turn.catch(() => undefined);
      await turn;
    };
    entry.work = Promise.all([entry.work, work().catch(unexpected(runId))]).then(() => undefined);
  }

  /** @param lateMs what was written from then on may be something else than what the run read, milliseconds UTC. */
  async function read(
    key: RunDataKey,
    input: Pick<NotedInput, 'path' | 'outcome'>,
    lateMs = Infinity,
  ): Promise<void> {
    if (closing.signal.aborted) return;
    try {
      const taken = await takeSnapshot(tools, input.path, {
        signal: closing.signal,
        bounds,
        isSoon: true,
        together: (db, taken) => settleRunData(db, key, outcomeOf(taken, lateMs)),
      });
      input.outcome = outcomeOf(taken, lateMs);
    } catch (error) {
      if (closing.signal.aborted) return;
      const { code, what, evidence } = errorShapeOf(error);
      input.outcome = {
        state: code === 'conflict' ? 'changed' : 'failed',
        version: null,
        note: evidence === undefined ? what : `${what} ${evidence}`,
      };
      await settle(key, input.outcome);
    }
  }

  const settle = (key: RunDataKey, outcome: RunDataOutcome) =>
    store.writeSoon('data.settle', (db) => settleRunData(db, key, outcome));

  /**
   * Whether what the run read is still what was recorded, and was there when it began. What nobody has said to be an input, and was
   * written meanwhile, is a result of the run.
   * @param since a moment after its end (Looks).
   */
  async function lookAgain(
    runId: string,
    { noted, startedAt: beganAt }: FollowedRun,
    since: number,
  ): Promise<void> {
    for (const { path, key, knownBy, outcome } of noted.values()) {
      const { state, version } = outcome;
      if (key === null || version === null || closing.signal.aborted) continue;
      const turn = reading.then(() => looks.since(path, since, closing.signal));
      reading = turn.then(
        () => undefined,
        () => undefined,
      );
      const is = await turn.catch(() => null); // gone, or not to be read any more
      if (closing.signal.aborted) return;
      if (is?.version === version && is.newestMs < beganAt) continue;
      // Known exactly by now: it was the supervisor that saw the program begin.
      const { startedAt, endedAt } = run(runId);
      // What a client logs it may have made itself before.
      const isLate =
        is?.version === version &&
        startedAt !== null &&
        is.newestMs >= startedAt &&
        [...knownBy].some((by) => by !== 'logged');
      if (is?.version === version && !isLate) continue;
      // Whoever edits a file as soon as the run is through, or while the engine is away.
      if (is !== null && endedAt !== null && is.newestMs > endedAt + clockSlackMs) {
        await settle(key, { state, version, note: writtenAfter });
        continue;
      }
      const isGuessed = [...knownBy].every((by) => by === 'named' || (isLate && by === 'observed'));
      if (isGuessed) await store.write('data.drop', (db) => removeRunData(db, key));
      else
        await settle(key, {
          state: 'changed',
          version,
          note: isLate
            ? writtenLate
            : 'Its content changed while the run went on: the run may have read something else than this version.',
        });
    }
  }

  /** @param since a moment after the end of the run (Looks). */
  async function finish(runId: string, since: number): Promise<void> {
    const entry = follow(runId);
    await entry.work;
    if (entry.noted.size > 0) {
      // Whoever else heard of the end has begun by then, and goes by the same looks.
      await othersTurn();
      await lookAgain(runId, entry, since);
    }
    followed.delete(runId);
  }

  /** Sees to what is to be done when a run has ended, until the engine leaves. */
  function awaitEnd(runId: string, ended: Promise<unknown>): void {
    const last = ended.then(
      () => finish(runId, performance.now()).catch(unexpected(runId)),
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
  function noteFolder(runId: string, entry: FollowedRun, folder: string, files: readonly string[]): void {
    note(runId, folder, 'observed');
    const drop = async () => {
      const dropped = await store.write('data.fold', (db) => {
        const rows = notedInputs(db, runId).filter(
          ({ path, knownBy }) => files.includes(path) && knownBy.every((by) => by === 'observed'),
        );
        for (const row of rows) removeRunData(db, row);
        return rows;
      });
      for (const { path } of dropped) entry.noted.delete(path);
    };
    entry.work = Promise.all([entry.work, drop().catch(unexpected(runId))]).then(() => undefined);
  }

  return {
    noteKnown(db, runId, inputs) {
      const at = now();
      const rows = inputs.flatMap((input) => noteKnownInput(db, runId, input, at) ?? []);
      setNewest(beginning, beginningAtMost, runId, rows);
    },
    started(runId, started, ended) {
      guarded(runId, () => {
        const entry = follow(runId, started);
        const { projectPath, noted } = entry;
        if (started.inputs.length > 0)
          takeNoted(entry, beginning.get(runId) ?? store.now((db) => notedInputs(db, runId)));
        beginning.delete(runId);
        for (const input of started.inputs) {
          const path = resolve(started.workingFolder, input);
          if (!noted.has(path) && !noted.has(resolvedPath(path))) note(runId, path, 'declared');
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
        takeNoted(
          entry,
          store.now((db) => notedInputs(db, runId)),
        );
      });
      awaitEnd(runId, ended);
    },
    readAgain() {
      for (const row of store.now(unreadRunData))
        guarded(row.runId, () => {
          const entry = follow(row.runId);
          const isInput = row.role === 'input';
          if (isInput) takeNoted(entry, [row]);
          const input = (isInput ? entry.noted.get(row.path) : undefined) ?? { ...row };
          const turn = reading.then(() => read(row, input, isInput ? entry.startedAt : Infinity));
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

const beginningOf = ({ workingFolder, startedAt, createdAt }: BareRun) => ({
  workingFolder,
  beganAt: startedAt ?? createdAt,
});

const writtenAfter =
  'It was written to after the run had ended, before Benchtop looked at it again: whether it was before that too cannot be told.';
