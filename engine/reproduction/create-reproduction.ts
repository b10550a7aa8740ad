import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BenchtopError,
  errorShapeOf,
  type Reproduction,
  type RoomHandlers,
  type Run,
  type RunData,
  type RunEnvironment,
  type Snapshot,
  verdictTag,
} from '../../contract/index.ts';
import type { CapturedEnvironment } from '../environments/index.ts';
import type { Store } from '../store/index.ts';
import type { RunArtifact, Tracking } from '../tracking/index.ts';
import { judgeRun } from './judge-run.ts';
import type { KeptThings } from './prepare-ground.ts';
import { readinessOf, type RunGround } from './readiness.ts';
import {
  reproductionById,
  reproductionsOfRun,
  saveReproduction,
  unfinishedReproductions,
} from './records.ts';
import { startOnce } from './start-once.ts';

/** What this room needs of the others. */
export interface ReproductionRooms extends KeptThings {
  /** @throws {BenchtopError} `not-found`. */
  run(runId: string): Run;
  /** A write after which windows are told of the runs it names. */
  record: Tracking['record'];
  setTags(runId: string, tags: Readonly<Record<string, string>>): Promise<void>;
  artifacts(runId: string): RunArtifact[];
  readObject(objectId: string, sizeBytes: number): Promise<Uint8Array<ArrayBuffer>>;
  snapshotOf(runId: string): Promise<Snapshot | null>;
  inputsOf(runId: string): Promise<RunData[]>;
  environmentOf(runId: string): Promise<RunEnvironment | null>;
  currentEnvironment(started: {
    command: readonly string[];
    workingFolder: string;
    environment: Readonly<Record<string, string | undefined>>;
  }): Promise<CapturedEnvironment>;
  rebuiltEnvironment(environment: RunEnvironment, signal: AbortSignal): Promise<string>;
  runner: {
    start(request: {
      projectId: string;
      command: string[];
      name: string;
      scratchFolder: string;
      env: Record<string, string>;
      params: Record<string, string>;
      tags: Record<string, string>;
    }): Promise<{ runId: string }>;
    wait(runId: string): Promise<unknown>;
    cancel(runId: string): Promise<void>;
  };
}

export interface ReproductionRoom {
  readonly handlers: RoomHandlers<'reproduction'>;
  /** Goes on with those that the engine before this one left unfinished. */
  resume(): void;
  close(): void;
}

export function createReproduction(options: {
  store: Store;
  now: () => number;
  /** Where runs are run once more; each has a folder of its own there as long as it takes. */
  scratchPath: string;
  rooms: ReproductionRooms;
  onUnexpected: (error: unknown, where: string) => void;
}): ReproductionRoom {
  const { store, now, scratchPath, rooms, onUnexpected } = options;
  const underWay = new Map<string, AbortController>();
  let isClosed = false;

  const scratchOf = ({ id }: Reproduction, seedStep: number) =>
    join(scratchPath, seedStep === 0 ? id : `${id}-${seedStep}`);

  async function groundOf(runId: string): Promise<RunGround> {
    const run = rooms.run(runId);
    const [snapshot, environment, inputs] = await Promise.all([
      rooms.snapshotOf(runId),
      rooms.environmentOf(runId),
      rooms.inputsOf(runId),
    ]);
    const current =
      environment === null || run.workingFolder === null
        ? null
        : await rooms.currentEnvironment({
            command: run.command,
            workingFolder: run.workingFolder,
            environment: { ...process.env, ...environment.variables },
          });
    return { run, snapshot, environment, current, inputs };
  }

  /** Windows hear of it as of a change of the reproduced run. */
  const save = (record: Reproduction) =>
    rooms.record('saveReproduction', (db) => {
      saveReproduction(db, record);
      return { value: null, runIds: [record.ofRunId] };
    });

  function one(id: string): Reproduction {
    const found = store.now((db) => reproductionById(db, id));
    if (found === null)
      throw new BenchtopError({ code: 'not-found', what: `There is no reproduction ${id}.` });
    return found;
  }

  function drive(record: Reproduction): void {
    const stop = new AbortController();
    underWay.set(record.id, stop);
    void carryOut(record, stop.signal)
      .catch((error: unknown) => onUnexpected(error, `reproduction ${record.id}`))
      .finally(() => underWay.delete(record.id));
  }

  /** Goes on from wherever the record stands, so the same code begins and resumes. */
  async function carryOut(record: Reproduction, signal: AbortSignal): Promise<void> {
    try {
      if (record.runId === null) {
        const { runId, caveats } = await begin(record, 0, signal);
        Object.assign(record, { runId, caveats, state: 'running' });
        await save(record);
      }
      if (record.runId !== null) await rooms.runner.wait(record.runId);
      if (isClosed) return; // the run goes on; the next engine takes it up again
      record.state = 'judging';
      await save(record);
      Object.assign(record, signal.aborted ? cancelled : await judged(record));
      // What is close enough needs no repeats, and what could not run has nothing to compare them with.
      if (record.tolerance.spread !== null && canSpread(record)) {
        await repeat(record, signal);
        if (isClosed) return;
        Object.assign(record, await judged(record));
      }
    } catch (error) {
      if (isClosed) return;
      const { what, evidence } = errorShapeOf(error);
      Object.assign(
        record,
        signal.aborted
          ? cancelled
          : { verdict: 'could not run', why: evidence === undefined ? what : `${what} ${evidence}` },
      );
      if (!(error instanceof BenchtopError) && !signal.aborted)
        onUnexpected(error, `reproduction ${record.id}`);
    }
    // What two reproductions have in common says nothing of the run itself.
    if (record.verdict !== null && record.againstRunId === record.ofRunId)
      await rooms.setTags(record.ofRunId, { [verdictTag]: record.verdict });
    await clear(record, 0, record.runId);
    for (const [at, { runId }] of record.repeats.entries()) await clear(record, at + 1, runId);
    await rm(scratchOf(record, record.repeats.length + 1), { recursive: true, force: true });
    await save(Object.assign(record, { state: 'ended', endedAt: now() }));
  }

  async function begin(
    record: Reproduction,
    seedStep: number,
    signal: AbortSignal,
  ): Promise<{ runId: string; caveats: string[]; seeds: string | null }> {
    const scratch = scratchOf(record, seedStep);
    await rm(scratch, { recursive: true, force: true });
    const started = await startOnce({
      ground: await groundOf(record.ofRunId),
      scratch,
      seedStep,
      rooms,
      signal,
    });
    signal.addEventListener('abort', () => void rooms.runner.cancel(started.runId).catch(() => undefined));
    return started;
  }

  /** Its own code is kept as any run's is; until that is done its folder is read. */
  async function clear(record: Reproduction, seedStep: number, runId: string | null): Promise<void> {
    if (runId !== null) await rooms.snapshotOf(runId);
    await rm(scratchOf(record, seedStep), { recursive: true, force: true });
  }

  /** Runs the run again with other seeds, until there are as many repeats as were asked for. */
  async function repeat(record: Reproduction, signal: AbortSignal): Promise<void> {
    record.state = 'repeating';
    for (let step = 1; step <= (record.tolerance.spread ?? 0); step++) {
      let own = record.repeats[step - 1];
      if (own === undefined) {
        const { runId, seeds } = await begin(record, step, signal);
        own = { runId, seeds };
        record.repeats = [...record.repeats, own];
        await save(record);
      }
      await rooms.runner.wait(own.runId);
      if (isClosed) return;
      signal.throwIfAborted();
      await clear(record, step, own.runId);
    }
    if (record.repeats.some(({ seeds }) => seeds === null) && !record.caveats.includes(withoutSeeds))
      record.caveats = [...record.caveats, withoutSeeds];
  }

  async function judged(
    record: Reproduction,
  ): Promise<Pick<Reproduction, 'verdict' | 'why' | 'metrics' | 'outputs'>> {
    const result = (runId: string) => ({ run: rooms.run(runId), outputs: rooms.artifacts(runId) });
    return judgeRun(
      result(record.againstRunId),
      result(record.runId ?? ''),
      record.tolerance,
      (output) => rooms.readObject(output.objectId, output.sizeBytes),
      record.repeats.map(({ runId }) => result(runId)).filter(({ run }) => run.status === 'finished'),
    );
  }

  return {
    handlers: {
      readiness: async ({ runId }) => readinessOf(await groundOf(runId)),
      async start({ runId, tolerance, againstRunId = runId }) {
        for (const id of new Set([runId, againstRunId])) rooms.run(id);
        const record: Reproduction = {
          id: randomBytes(8).toString('hex'),
          ofRunId: runId,
          againstRunId,
          runId: null,
          state: 'preparing',
          verdict: null,
          why: null,
          metrics: [],
          outputs: [],
          caveats: [],
          tolerance,
          repeats: [],
          startedAt: now(),
          endedAt: null,
        };
        await save(record);
        drive({ ...record });
        return record;
      },
      async cancel({ id }) {
        const { state, runId, repeats } = one(id);
        if (state === 'ended') return {};
        underWay.get(id)?.abort();
        for (const started of [runId, ...repeats.map((each) => each.runId)])
          if (started !== null && rooms.run(started).endedAt === null) await rooms.runner.cancel(started);
        return {};
      },
      one: ({ id }) => one(id),
      ofRun: ({ runId }) => store.now((db) => reproductionsOfRun(db, runId)),
    },
    resume() {
      for (const record of store.now(unfinishedReproductions)) drive(record);
    },
    close() {
      isClosed = true;
    },
  };
}

const cancelled = { verdict: 'could not run', why: 'It was cancelled.' } as const;

const canSpread = ({ verdict, metrics, outputs }: Reproduction) =>
  verdict === 'differs' && [...metrics, ...outputs].some(({ state }) => state === 'differs');

const withoutSeeds =
  'No seed was found in the command, its variables or its configuration: the repeats are the same run again.';
