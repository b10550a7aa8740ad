import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import {
  BenchtopError,
  errorShapeOf,
  reproducesTag,
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
import { prepareGround, type KeptThings } from './prepare-ground.ts';
import { readinessOf, type RunGround } from './readiness.ts';
import {
  reproductionById,
  reproductionsOfRun,
  saveReproduction,
  unfinishedReproductions,
} from './records.ts';

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
    const scratch = join(scratchPath, record.id);
    try {
      if (record.runId === null) {
        await rm(scratch, { recursive: true, force: true });
        const { runId, caveats } = await begin(record, scratch, signal);
        Object.assign(record, { runId, caveats, state: 'running' });
        await save(record);
      }
      if (record.runId !== null) await rooms.runner.wait(record.runId);
      if (isClosed) return; // the run goes on; the next engine takes it up again
      record.state = 'judging';
      await save(record);
      Object.assign(record, signal.aborted ? cancelled : await judged(record));
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
    // Its own code is kept as any run's is; until that is done its folder is read.
    if (record.runId !== null) await rooms.snapshotOf(record.runId);
    await rm(scratch, { recursive: true, force: true });
    await save(Object.assign(record, { state: 'ended', endedAt: now() }));
  }

  async function begin(
    record: Reproduction,
    scratch: string,
    signal: AbortSignal,
  ): Promise<{ runId: string; caveats: string[] }> {
    const ground = await groundOf(record.ofRunId);
    const { canRun, items } = readinessOf(ground);
    const { run, snapshot, environment, inputs } = ground;
    const { projectId, workingFolder } = run;
    if (!canRun || snapshot === null || projectId === null || workingFolder === null)
      throw new BenchtopError({
        code: 'cannot-start',
        what: items.flatMap(({ state, what }) => (state === 'missing' ? [what] : [])).join(' '),
      });
    const prepared = await prepareGround({
      scratch,
      run: { id: run.id, command: run.command, workingFolder },
      snapshot,
      environment,
      inputs,
      kept: rooms,
      signal,
    });
    const isOther = items.some(({ part, state }) => part === 'environment' && state === 'differs');
    const python =
      isOther && environment !== null
        ? await rooms.rebuiltEnvironment(environment, signal)
        : (environment?.interpreter?.path ?? null);
    signal.throwIfAborted();
    const { runId } = await rooms.runner.start({
      projectId,
      command: isOther && python !== null ? withInterpreter(prepared.command, python) : prepared.command,
      name: `${run.name}, reproduced`.slice(0, 250),
      scratchFolder: prepared.workingFolder,
      env: variablesFor(environment, python),
      params: run.params,
      tags: { [reproducesTag]: run.id },
    });
    signal.addEventListener('abort', () => void rooms.runner.cancel(runId).catch(() => undefined));
    const doubts = items.flatMap(({ part, state, what }) =>
      state === 'differs' && part !== 'environment' && part !== 'seeds' ? [`${part}: ${what}`] : [],
    );
    return { runId, caveats: [...doubts, ...prepared.caveats] };
  }

  async function judged(
    record: Reproduction,
  ): Promise<Pick<Reproduction, 'verdict' | 'why' | 'metrics' | 'outputs'>> {
    const result = (runId: string) => ({ run: rooms.run(runId), outputs: rooms.artifacts(runId) });
    return judgeRun(result(record.againstRunId), result(record.runId ?? ''), record.tolerance, (output) =>
      rooms.readObject(output.objectId, output.sizeBytes),
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
          startedAt: now(),
          endedAt: null,
        };
        await save(record);
        drive({ ...record });
        return record;
      },
      async cancel({ id }) {
        const { state, runId } = one(id);
        if (state === 'ended') return {};
        underWay.get(id)?.abort();
        if (runId !== null) await rooms.runner.cancel(runId);
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

/** The variables that were set for the run and change how it computes; its interpreter comes first on the PATH. */
function variablesFor(environment: RunEnvironment | null, python: string | null): Record<string, string> {
  const { PATH = process.env['PATH'] ?? '', ...others } = environment?.variables ?? {};
  const set = Object.entries(others).filter(
    ([name, value]) => value !== '[redacted]' && name !== 'VIRTUAL_ENV' && process.env[name] !== value,
  );
  return {
    ...Object.fromEntries(set),
    PATH: python === null ? PATH : [dirname(python), PATH].join(delimiter),
  };
}

/** A command whose program is another Python; in the words of a shell the PATH has to do. */
function withInterpreter(command: readonly string[], python: string): string[] {
  return command.map((word, at) => (at === 0 && /(^|\/)python[\d.]*$/.test(word) ? python : word));
}
