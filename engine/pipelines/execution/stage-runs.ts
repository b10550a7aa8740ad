import type Database from 'better-sqlite3';
import { resolve } from 'node:path';
import { BenchtopError, type PipelineStage, type Run } from '../../../contract/index.ts';
import type { RunEnd } from '../../runner/index.ts';
import { stageCommand } from './stage-command.ts';

/** What an execution needs of the runner. */
export interface StageRunner {
  start(request: {
    projectId: string;
    runId: string;
    command: string[];
    name: string;
    workingFolder: string;
    env: Record<string, string>;
    params: Record<string, string>;
    tags: Record<string, string>;
    timeLimitMs: number | undefined;
    gpus: number | undefined;
    memoryBytes: number;
    slots: number | undefined;
    /** Runs of one group share what is read of the code and the environment. */
    group: string;
    inputs: string[];
    outputs: string[];
    together: (db: Database.Database) => void;
    /** What the machine stops is begun again in any case (schedule.ts, `lost`). */
    isRepeatable: true;
  }): Promise<unknown>;
  /** Resolves when the run has ended and its end can be read; it is on disk with whatever is recorded next. */
  ended(runId: string): Promise<RunEnd>;
  /** Resolves when its program has ended well, before it is looked through; never where it did not, or is over. */
  exited(runId: string): Promise<void>;
  cancel(runId: string): Promise<void>;
}

export interface StageRunsOptions {
  readonly runner: StageRunner;
  readonly executionId: string;
  /** Slots that its stages share, where somebody has said how many; null: those of the runner. */
  readonly jobs: number | null;
  readonly project: { readonly id: string; readonly path: string };
  /** Added to the environment of the commands. */
  readonly env: Readonly<Record<string, string>>;
  /** Params to record with a stage's run. */
  paramsOf(stage: PipelineStage, command: readonly string[]): Promise<Record<string, string>>;
  /** @throws {BenchtopError} `not-found`. */
  run(runId: string): Run;
  readonly leaving: AbortSignal;
  onUnexpected(error: unknown): void;
}

/** The runs of an execution's stages. */
export interface StageRuns {
  /**
   * @param memoryBytes what it is to have; 0 where nobody knows.
   * @param together what is to be recorded in the commit that makes the run.
   */
  start(
    stage: PipelineStage,
    runId: string,
    memoryBytes: number,
    together: (db: Database.Database) => void,
  ): Promise<void>;
  isRecorded(runId: string): boolean;
  /** The end of a run; rejects when this engine leaves before. */
  ended(runId: string): Promise<RunEnd>;
  stop(runId: string): void;
}

export function createStageRuns(options: StageRunsOptions): StageRuns {
  const { runner, project, env, leaving } = options;
  const place = (path: string) => resolve(project.path, path);
  const usualShell = env['SHELL'] ?? process.env['SHELL'] ?? '';
  /** Those that wait for a run, when this engine leaves. */
  const waiting = new Set<(reason: Error) => void>();
  leaving.addEventListener('abort', () => {
    for (const leave of waiting) leave(leaving.reason as Error);
  });
  return {
    async start(stage, runId, memoryBytes, together) {
      const command = stageCommand(stage.commands, stage.env['SHELL'] ?? usualShell);
      await runner.start({
        projectId: project.id,
        runId,
        command,
        name: stage.name.slice(0, 250),
        workingFolder: stage.workingFolder,
        env: { ...env, ...stage.env },
        params: await options.paramsOf(stage, command),
        tags: { 'benchtop.stage': stage.name, 'benchtop.execution': options.executionId },
        timeLimitMs: stage.timeLimitMs ?? undefined,
        gpus: stage.resources.gpus ?? undefined,
        // Also where nobody knows: its earlier executions were asked already.
        memoryBytes,
        slots: options.jobs ?? undefined,
        group: options.executionId,
        inputs: stage.deps.map(place),
        outputs: stage.outputs.map(({ path }) => place(path)),
        together,
        isRepeatable: true,
      });
    },
    isRecorded(runId) {
      try {
        options.run(runId);
        return true;
      } catch (error) {
        if (error instanceof BenchtopError && error.code === 'not-found') return false;
        throw error;
      }
    },
    ended: (runId) =>
      new Promise((resolve, reject) => {
        waiting.add(reject);
        runner
          .ended(runId)
          .then(resolve, reject)
          .finally(() => waiting.delete(reject));
      }),
    stop(runId) {
      runner.cancel(runId).catch((error: unknown) => {
        // Not begun yet, or over already: then who begins it, or waits for it, sees to it.
        if (!(error instanceof BenchtopError)) options.onUnexpected(error);
      });
    },
  };
}
