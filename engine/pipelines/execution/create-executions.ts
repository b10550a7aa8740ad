import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import {
  BenchtopError,
  type Execution,
  type ExecutionSummary,
  type Pipeline,
  type PipelineStage,
  type ProjectPlace,
  type RoomHandlers,
  type Run,
  type StageOutput,
  type StageReach,
} from '../../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { CheckedProject, StalenessCheck } from '../staleness/index.ts';
import type { WrittenBy, WrittenPaths } from '../../written-paths.ts';
import { createAskedFiles, type AskedExecution } from './asked-file.ts';
import { chosenStages } from './chosen-stages.ts';
import { driveExecution, type Drive } from './drive-execution.ts';
import {
  type ExecutionRecord,
  type ExecutionSettings,
  executionRecord,
  insertExecution,
  latestExecutions,
  learntStages,
  newRow,
  runningExecutions,
  stageRows,
  type StageRow,
  updateExecution,
  updateStages,
} from './execution-rows.ts';
import {
  createExecutionNews,
  type ExecutionNews,
  shownExecution,
  shownStage,
  summaryOf,
} from './follow-execution.ts';
import { expectedTime, planStages } from './plan-execution.ts';
import type { Capacity, Claim } from './stage-room.ts';
import type { StageRunner } from './stage-runs.ts';

type Handled = 'plan' | 'run' | 'execution' | 'executions' | 'cancel' | 'resume' | 'follow';

export interface Executions {
  readonly handlers: Pick<RoomHandlers<'pipelines'>, Handled>;
  /** Begins one; it goes on by itself. @throws {BenchtopError} where there is nothing that can run, `conflict` while another runs. */
  start(what: AskedStart): Promise<Execution>;
  /** The newest first. */
  latest(projectId: string, limit: number): readonly ExecutionSummary[];
  /** Ends one that runs; where it has ended, nothing happens. @throws {BenchtopError} `not-found`, `conflict` while it just begins. */
  cancel(executionId: string): void;
  /** What the stages of an execution that goes on write, of all of its pipeline. */
  readonly writtenBy: WrittenBy;
  /** Goes on with executions that the engine before this one left unfinished. */
  resume(): Promise<void>;
  /** Resolves when nothing is done any more; what runs goes on. */
  close(): Promise<void>;
}

export interface AskedStart {
  readonly projectId: string;
  /** All where it is left out. */
  readonly stages?: readonly string[] | undefined;
  readonly reach: StageReach;
  readonly settings: ExecutionSettings;
  readonly env: Readonly<Record<string, string>>;
  /** What it began for, in words. */
  readonly cause: string;
}

export interface ExecutionsOptions {
  readonly homePath: string;
  readonly store: Store;
  readonly now: () => number;
  project(projectId: string): ProjectPlace;
  /** The definition as it is now. @throws {BenchtopError} where there is none, or it has a mistake. */
  definition(project: ProjectPlace): Promise<Pipeline>;
  /** One look at a project, for one execution or plan. */
  beginCheck(what: CheckedProject): StalenessCheck;
  paramsOf(
    project: ProjectPlace,
    stage: PipelineStage,
    command: readonly string[],
  ): Promise<Record<string, string>>;
  run(runId: string): Run;
  readonly runner: StageRunner & { readonly slots: number };
  gpuCount(): Promise<number>;
  /** Of the machine. */
  readonly memoryBytes: number;
  onUnexpected(error: unknown): void;
}

interface Live {
  readonly drive: Drive;
  readonly written: WrittenPaths;
  readonly news: ExecutionNews;
}

/** Runs pipelines: each stage as a run of its own, after those whose outputs it reads. */
export function createExecutions(options: ExecutionsOptions): Executions {
  const { store, now, runner } = options;
  const askedFiles = createAskedFiles(options.homePath);
  const leaving = new AbortController();
  const live = new Map<string, Live>();

  async function start(input: AskedStart): Promise<Execution> {
    const project = options.project(input.projectId);
    const pipeline = await options.definition(project);
    const stages = chosenStages(pipeline, input.stages, input.reach);
    const record: ExecutionRecord = {
      id: randomBytes(8).toString('hex'),
      projectId: input.projectId,
      status: 'running',
      cause: input.cause,
      settings: input.settings,
      startedAt: now(),
      endedAt: null,
    };
    const rows = stages.map(({ name }) => newRow(name));
    // Written before the execution is: what lies there without one is removed by the next engine.
    await askedFiles.write(record.id, { pipeline, env: { ...input.env } });
    try {
      await store.write('pipelines.begin', (db) => insertExecution(db, record, rows));
    } catch (error) {
      await askedFiles.remove(record.id);
      throw error;
    }
    const begun = shownExecution(record, rows);
    await drive(project, record, rows, stages, { pipeline, env: { ...input.env } });
    return begun;
  }

  /** Carries an execution out from wherever its rows stand. */
  async function drive(
    project: ProjectPlace,
    record: ExecutionRecord,
    rows: StageRow[],
    stages: readonly PipelineStage[],
    { pipeline, env }: AskedExecution,
  ): Promise<void> {
    const { capacity, claims, learnt } = await roomFor(project.id, stages, record.settings.jobs, env);
    const outputs = pipeline.stages.flatMap((stage) => stage.outputs);
    const place = ({ path }: StageOutput) => resolve(project.path, path);
    const written = {
      all: new Set(outputs.map(place)),
      asData: new Set(outputs.filter(({ isCached }) => isCached).map(place)),
    };
    const news = createExecutionNews({
      record: () => store.now((db) => executionRecord(db, record.id)),
      rows: () => store.now((db) => stageRows(db, record.id)),
    });
    const driven = driveExecution({
      record,
      project,
      rows,
      stages,
      claims,
      expectedMs: stages.map(({ name }) => learnt.get(name)?.expectedMs ?? null),
      capacity,
      env,
      check: options.beginCheck({ project, pipeline, env, signal: leaving.signal }),
      runner,
      paramsOf: (stage, command) => options.paramsOf(project, stage, command),
      run: options.run,
      store,
      now,
      leaving: leaving.signal,
      onWritten: news.tell,
      onUnexpected: options.onUnexpected,
    });
    live.set(record.id, { drive: driven, written, news });
    void driven.over
      .then(async () => {
        live.delete(record.id);
        if (!leaving.signal.aborted) await askedFiles.remove(record.id);
        news.end();
      })
      .catch(options.onUnexpected);
  }

  /** What there is for an execution, and what its stages take of it: as they say, else as their earlier runs did. */
  async function roomFor(
    projectId: string,
    stages: readonly PipelineStage[],
    jobs: number | null,
    env: Readonly<Record<string, string>>,
  ): Promise<{ capacity: Capacity; claims: Claim[]; learnt: ReturnType<typeof learntStages> }> {
    const gpus = await options.gpuCount();
    const learnt = store.now((db) => learntStages(db, projectId));
    // As for every run: one GPU where there are some, unless the environment says which it may use.
    const usualGpus = 'CUDA_VISIBLE_DEVICES' in { ...process.env, ...env } ? 0 : 1;
    return {
      capacity: { slots: jobs ?? runner.slots, memoryBytes: options.memoryBytes, gpus },
      claims: stages.map(({ name, resources, mutexes }) => ({
        slots: resources.cpus ?? 1,
        memoryBytes: resources.memoryBytes ?? learnt.get(name)?.memoryBytes ?? 0,
        gpus: resources.gpus ?? usualGpus,
        mutexes,
      })),
      learnt,
    };
  }

  /** The rows in the order of the stages as they are defined now. @throws {BenchtopError} `not-found`. */
  function aligned(
    rows: readonly StageRow[],
    definition: Pipeline,
  ): { rows: StageRow[]; stages: PipelineStage[] } {
    const byName = new Map(rows.map((row) => [row.name, row]));
    const stages = definition.stages.filter(({ name }) => byName.has(name));
    const gone = rows.find(({ name }) => !stages.some((stage) => stage.name === name));
    if (gone !== undefined)
      throw new BenchtopError({
        code: 'not-found',
        what: `The pipeline stage "${gone.name}" is no longer defined in ${definition.file}.`,
        next: 'Run the pipeline anew: what is up to date is skipped.',
      });
    return { stages, rows: stages.flatMap(({ name }) => byName.get(name) ?? []) };
  }

  const recordAndRows = (executionId: string) =>
    store.now((db) => ({ record: executionRecord(db, executionId), rows: stageRows(db, executionId) }));

  async function resumeByHand(executionId: string, env: Record<string, string>): Promise<Execution> {
    const { record, rows: before } = recordAndRows(executionId);
    if (record.status === 'running' || record.status === 'finished')
      throw new BenchtopError({
        code: 'conflict',
        what: `Execution ${executionId} ${record.status === 'running' ? 'is still running' : 'has finished'}; there is nothing to go on with.`,
      });
    const project = options.project(record.projectId);
    const pipeline = await options.definition(project);
    const { rows, stages } = aligned(before, pipeline);
    for (const [at, row] of rows.entries())
      if (row.state === 'failed' || row.state === 'killed' || row.state === 'skipped')
        rows[at] = newRow(row.name);
    Object.assign(record, { status: 'running', endedAt: null });
    await askedFiles.write(record.id, { pipeline, env });
    await store.write('pipelines.resume', (db) => {
      updateExecution(db, record);
      updateStages(db, record.id, rows.entries());
    });
    const begun = shownExecution(record, rows);
    await drive(project, record, rows, stages, { pipeline, env });
    return begun;
  }

  /** Goes on with what the engine before this one was at. */
  async function takeUp(record: ExecutionRecord): Promise<void> {
    const rows = store.now((db) => stageRows(db, record.id));
    try {
      const project = options.project(record.projectId);
      const asked = (await askedFiles.read(record.id)) ?? {
        pipeline: await options.definition(project),
        env: {},
      };
      const own = aligned(rows, asked.pipeline);
      await drive(project, record, own.rows, own.stages, asked);
    } catch (error) {
      // Its project or a stage of it is gone: it cannot go on.
      if (!(error instanceof BenchtopError)) throw error;
      Object.assign(record, { status: 'failed', endedAt: now() });
      for (const row of rows)
        if (row.state === 'waiting' || row.state === 'running')
          Object.assign(row, { state: 'skipped', note: error.message });
      await store.write('pipelines.end', (db) => {
        updateStages(db, record.id, rows.entries());
        updateExecution(db, record);
      });
      await askedFiles.remove(record.id);
    }
  }

  const latest = (projectId: string, limit: number) =>
    store.now((db) => latestExecutions(db, projectId, limit));

  function cancel(executionId: string): void {
    const { status } = store.now((db) => executionRecord(db, executionId));
    const going = live.get(executionId);
    if (going === undefined && status === 'running')
      throw new BenchtopError({
        code: 'conflict',
        what: `Execution ${executionId} is just beginning.`,
        next: 'Try again in a moment.',
      });
    going?.drive.cancel();
  }

  return {
    start,
    latest,
    cancel,
    handlers: {
      async plan({ projectId, stages: names, reach, isForced, jobs = null, env }, { signal }) {
        const project = options.project(projectId);
        const pipeline = await options.definition(project);
        const stages = chosenStages(pipeline, names, reach);
        const check = options.beginCheck({ project, pipeline, env, signal });
        const plan = await planStages(stages, check, isForced);
        const { capacity, claims } = await roomFor(projectId, stages, jobs, env);
        const unknown = plan.filter(({ action, expectedMs }) => action === 'run' && expectedMs === null);
        return {
          stages: plan,
          expectedMs: expectedTime(stages, plan, claims, capacity),
          unknownCount: unknown.length,
        };
      },
      run: ({ projectId, stages, reach, jobs = null, isForced, keepGoing, env, cause }) =>
        start({ projectId, stages, reach, settings: { jobs, isForced, keepGoing }, env, cause }),
      execution({ executionId }) {
        const { record, rows } = recordAndRows(executionId);
        return shownExecution(record, rows);
      },
      executions: ({ projectId, limit }) => latest(projectId, limit),
      cancel({ executionId }) {
        cancel(executionId);
        return {};
      },
      resume: ({ executionId, env }) => resumeByHand(executionId, env),
      async *follow({ executionId }, { signal }) {
        const { record, rows } = recordAndRows(executionId);
        const news = live.get(executionId)?.news;
        const stages = rows.map(shownStage);
        if (news !== undefined) yield* news.follow(signal);
        else yield { cursor: '0', event: { execution: summaryOf(record, stages), stages } };
      },
    },
    writtenBy: (executionId) => live.get(executionId)?.written ?? null,
    async resume() {
      const running = store.now(runningExecutions);
      await askedFiles.keepOnly(new Set(running.map(({ id }) => id)));
      for (const record of running) await takeUp(record);
    },
    async close() {
      leaving.abort(
        new BenchtopError({ code: 'disconnected', what: 'The engine stopped; what runs goes on.' }),
      );
      await Promise.all([...live.values()].map(({ drive: driven }) => driven.over));
    },
  };
}
