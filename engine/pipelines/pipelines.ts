import { randomBytes } from 'node:crypto';
import {
  BenchtopError,
  type Execution,
  type Pipeline,
  type PipelineStage,
  type Project,
  type RoomHandlers,
  type Run,
} from '../../contract/index.ts';
import { argumentParams } from '../runner/index.ts';
import type { Store } from '../store/index.ts';
import { readPipeline } from './definition.ts';
import { statusHandlers, type Staleness } from './staleness/index.ts';
import { stageParams } from './stage-params.ts';

/** What this room needs of the runner. */
export interface StageRunner {
  start(input: {
    projectId: string;
    command: string[];
    name: string;
    workingFolder: string;
    params: Record<string, string>;
    tags: Record<string, string>;
    inputs: string[];
    outputs: string[];
  }): Promise<{ runId: string }>;
  /** Resolves when the run has ended and its end is recorded. */
  wait(runId: string): Promise<unknown>;
  cancel(runId: string): Promise<void>;
}

export interface Pipelines {
  readonly handlers: RoomHandlers<'pipelines'>;
  /** Goes on with executions that the engine before this one left unfinished. */
  resume(): void;
  close(): void;
}

export function createPipelines(options: {
  store: Store;
  now: () => number;
  project: (projectId: string) => Project;
  run: (runId: string) => Run;
  runner: StageRunner;
  staleness: Staleness;
  onUnexpected: (error: unknown) => void;
}): Pipelines {
  const { store, now, project, run, runner, staleness, onUnexpected } = options;
  const cancelled = new Set<string>();
  let isClosed = false;

  async function definitionOf(projectId: string): Promise<Pipeline | null> {
    return readPipeline(project(projectId).path);
  }

  async function begin(projectId: string, names: readonly string[] | undefined): Promise<Execution> {
    const definition = await definitionOf(projectId);
    const stages = chosenStages(project(projectId), definition, names);
    const running = executionsOf(store, 'project_id = ? AND status = ?', [projectId, 'running'], 1)[0];
    if (running !== undefined) {
      throw new BenchtopError({
        code: 'conflict',
        what: 'This pipeline is already running.',
        evidence: `execution ${running.id}`,
        next: 'Wait for it or cancel it first.',
      });
    }
    const execution: Execution = {
      id: randomBytes(8).toString('hex'),
      projectId,
      status: 'running',
      cause: 'asked',
      startedAt: now(),
      endedAt: null,
      stages: stages.map(({ name }) => ({
        name,
        state: 'waiting',
        runId: null,
        reasons: [],
        startedAt: null,
        endedAt: null,
        tries: 0,
        note: null,
      })),
    };
    await save(execution);
    drive(execution).catch(onUnexpected);
    return execution;
  }

  /** Runs stage after stage from wherever the execution stands, so the same code begins and resumes. */
  async function drive(execution: Execution): Promise<void> {
    for (const stage of execution.stages) {
      if (stage.state !== 'waiting' && stage.state !== 'running') continue;
      if (cancelled.has(execution.id)) return end(execution, 'killed');
      stage.runId ??= await startStage(execution, stage.name);
      stage.state = 'running';
      await save(execution);
      await runner.wait(stage.runId);
      if (isClosed) return; // the run goes on; the next engine takes the execution up again
      const { status } = run(stage.runId);
      stage.state = status === 'finished' ? 'finished' : status === 'failed' ? 'failed' : 'killed';
      await save(execution);
      if (stage.state !== 'finished') return end(execution, stage.state);
    }
    return end(execution, 'finished');
  }

  async function startStage(execution: Execution, name: string): Promise<string> {
    const { path } = project(execution.projectId);
    const stage = (await readPipeline(path))?.stages.find((candidate) => candidate.name === name);
    if (stage === undefined) {
      await end(execution, 'failed');
      throw new BenchtopError({
        code: 'not-found',
        what: `The pipeline stage "${name}" is no longer defined.`,
      });
    }
    const command = ['sh', '-c', stage.commands.join(' && ')];
    const { runId } = await runner.start({
      projectId: execution.projectId,
      command,
      name,
      workingFolder: stage.workingFolder,
      params: unnamedParams(await stageParams(path, stage), argumentParams(command)),
      tags: { 'benchtop.stage': name, 'benchtop.execution': execution.id },
      inputs: stage.deps,
      outputs: stage.outputs.map(({ path: output }) => output),
    });
    return runId;
  }

  async function end(execution: Execution, status: Execution['status']): Promise<void> {
    for (const stage of execution.stages) if (stage.state === 'waiting') stage.state = 'skipped';
    execution.status = status;
    execution.endedAt = now();
    cancelled.delete(execution.id);
    await save(execution);
  }

  async function save(execution: Execution): Promise<void> {
    await store.write('pipelines.save', (db) =>
      db
        .prepare(
          `INSERT INTO execution (id, project_id, status, started_at, ended_at, stages) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET status = excluded.status, ended_at = excluded.ended_at, stages = excluded.stages`,
        )
        .run(
          execution.id,
          execution.projectId,
          execution.status,
          execution.startedAt,
          execution.endedAt,
          JSON.stringify(execution.stages),
        ),
    );
  }

  return {
    handlers: {
      definition: ({ projectId }) => definitionOf(projectId),
      ...statusHandlers({
        staleness,
        project,
        definitionOf: async (projectId) => {
          const definition = await definitionOf(projectId);
          return usable(project(projectId), definition);
        },
      }),
      run: ({ projectId, stages }) => begin(projectId, stages),
      async cancel({ executionId }) {
        const execution = executionsOf(store, 'id = ?', [executionId], 1)[0];
        if (execution === undefined)
          throw new BenchtopError({ code: 'not-found', what: `There is no execution ${executionId}.` });
        if (execution.status !== 'running') return {};
        cancelled.add(executionId);
        const current = execution.stages.find((stage) => stage.state === 'running');
        if (current?.runId !== undefined && current.runId !== null) await runner.cancel(current.runId);
        return {};
      },
      executions: ({ projectId, limit }) => executionsOf(store, 'project_id = ?', [projectId], limit),
    },
    resume() {
      for (const execution of executionsOf(store, 'status = ?', ['running'], 1000))
        drive(execution).catch(onUnexpected);
    },
    close() {
      isClosed = true;
    },
  };
}

/** Params of a stage that its command does not name as an argument anyway: `train.epochs` is the `--epochs` that it fills. */
function unnamedParams(
  params: Readonly<Record<string, string>>,
  named: Readonly<Record<string, string>>,
): Record<string, string> {
  const isNamed = ([name, value]: [string, string]) =>
    Object.entries(named).some(([argument, given]) => given === value && name.split('.').at(-1) === argument);
  return Object.fromEntries(Object.entries(params).filter((param) => !isNamed(param)));
}

/** @throws {BenchtopError} where there is no definition, or one with mistakes. */
function usable(project: Project, definition: Pipeline | null): Pipeline {
  if (definition === null) {
    throw new BenchtopError({
      code: 'not-found',
      what: `${project.name} defines no pipeline.`,
      evidence: `no benchtop.yaml or dvc.yaml in ${project.path}`,
      next: 'See docs/pipelines.md for how to write one.',
    });
  }
  const problem = definition.problems[0];
  if (problem !== undefined) {
    throw new BenchtopError({
      code: 'invalid-input',
      what: `${definition.file} has a mistake: ${problem.message}`,
      evidence: `line ${problem.line}, column ${problem.column}`,
      next: problem.fix,
    });
  }
  return definition;
}

function chosenStages(
  project: Project,
  read: Pipeline | null,
  names: readonly string[] | undefined,
): PipelineStage[] {
  const definition = usable(project, read);
  if (names === undefined) return definition.stages;
  const unknown = names.find((name) => !definition.stages.some((stage) => stage.name === name));
  if (unknown !== undefined)
    throw new BenchtopError({ code: 'not-found', what: `There is no pipeline stage "${unknown}".` });
  return definition.stages.filter((stage) => names.includes(stage.name));
}

function executionsOf(
  store: Store,
  condition: string,
  values: readonly string[],
  limit: number,
): Execution[] {
  const rows = store.now((db) =>
    db
      .prepare(`SELECT * FROM execution WHERE ${condition} ORDER BY started_at DESC LIMIT ?`)
      .all(...values, limit),
  ) as {
    id: string;
    project_id: string;
    status: Execution['status'];
    started_at: number;
    ended_at: number | null;
    stages: string;
  }[];
  return rows.map((row) => ({
    id: row.id,
    projectId: row.project_id,
    status: row.status,
    cause: 'asked',
    startedAt: row.started_at,
    endedAt: row.ended_at,
    stages: JSON.parse(row.stages) as Execution['stages'],
  }));
}
