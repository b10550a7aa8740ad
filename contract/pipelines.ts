import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

/** What a stage writes. A path lies below the project's folder, with `/`, and names a file or a folder. */
export const stageOutput = z.object({
  path: z.string(),
  kind: z.enum(['output', 'metrics', 'plots']),
  /** Kept as an object after a successful run, so that it can be brought back; DVC's `cache`. */
  isCached: z.boolean(),
  /** Not removed before the stage runs, so that a program can add to it; DVC's `persist`. */
  isPersistent: z.boolean(),
});
export type StageOutput = z.infer<typeof stageOutput>;

/** Params that a stage reads of one file: names in it with dots, or all of the file where none is named. */
export const stageParamNames = z.object({ file: z.string(), names: z.array(z.string()) });
export type StageParamNames = z.infer<typeof stageParamNames>;

/** A stage as it runs: templates filled, `foreach` and `matrix` unfolded, globs met. */
export const pipelineStage = z.object({
  name: z.string(),
  /** The stage it was unfolded from (`train` of `train@small`); null for one that stands for itself. */
  group: z.string().nullable(),
  /** Given to the shell one after the other; the first that fails ends the stage. */
  commands: z.array(z.string()),
  /** Below the project's folder, with `/`; `.` for the project's own. */
  workingFolder: z.string(),
  description: z.string(),
  deps: z.array(z.string()),
  /** What it reads that lies on no disk of this machine, as written: `s3://…`, `https://…`. */
  externalDeps: z.array(z.string()),
  params: z.array(stageParamNames),
  outputs: z.array(stageOutput),
  /** Never runs by itself, whatever changed; DVC's `frozen`. */
  isFrozen: z.boolean(),
  /** Runs each time; DVC's `always_changed`. */
  isAlwaysChanged: z.boolean(),
  /** What it needs of the machine; null where it does not say. */
  resources: z.object({
    cpus: z.number().nullable(),
    memoryBytes: z.number().nullable(),
    gpus: z.number().nullable(),
  }),
  /** Stages that name the same mutex never run at the same time. */
  mutexes: z.array(z.string()),
  /** How often it is tried again after a failure, the first time after `delayMs`, then after twice as long each time. */
  retry: z.object({ times: z.number(), delayMs: z.number() }),
  timeLimitMs: z.number().nullable(),
  env: z.record(z.string(), z.string()),
  /** What `dvc.lock` calls those of its deps and outputs that it does not name as they are seen from the working folder: by path, as written. */
  lockNames: z.record(z.string(), z.string()),
  /** Names of the stages whose outputs this one reads. */
  upstream: z.array(z.string()),
  /** Where it is defined; the file relative to the project. */
  file: z.string(),
  line: z.number(),
});
export type PipelineStage = z.infer<typeof pipelineStage>;

export const problem = z.object({
  /** The file with the mistake, relative to the project: the definition, or one it reads. */
  file: z.string(),
  message: z.string(),
  line: z.number(),
  column: z.number(),
  fix: z.string(),
});

export const pipeline = z.object({
  /** The file that defines it, relative to the project: `benchtop.yaml`, or the topmost `dvc.yaml`. */
  file: z.string(),
  /** In an order in which they can run. */
  stages: z.array(pipelineStage),
  /** Data that `.dvc` files track: no stage makes it. */
  sources: z.array(
    z.object({
      /** The `.dvc` file, relative to the project as all paths here. */
      file: z.string(),
      path: z.string(),
      /** What it held when DVC recorded it (of a folder, the list of its files); null where DVC knows it otherwise. */
      md5: z.string().nullable(),
      hashName: z.enum(['md5', 'md5-dos2unix']),
      isFolder: z.boolean(),
      sizeBytes: z.number().nullable(),
    }),
  ),
  problems: z.array(problem),
});
export type Pipeline = z.infer<typeof pipeline>;

/** Why a stage is not up to date, with both sides of the difference. `before` is null for what was not there. */
export const stageReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('never-run') }),
  z.object({ kind: z.literal('always-changed') }),
  z.object({ kind: z.literal('forced') }),
  /** What it reads changed while its last run went on: nobody knows which content its outputs are of. */
  z.object({ kind: z.literal('unsettled') }),
  z.object({ kind: z.literal('command'), before: z.string(), after: z.string() }),
  /** A file or folder that it reads. `beforeId` and `afterId` are the contents, as the data room names them. */
  z.object({
    kind: z.literal('dep'),
    path: z.string(),
    change: z.enum(['modified', 'new', 'missing', 'no longer read']),
    /** Of a folder: the first of the files in it that differ, and how many there are. */
    files: z.array(z.object({ path: z.string(), change: z.enum(['added', 'removed', 'modified']) })),
    fileCount: z.number(),
    beforeId: z.string().nullable(),
    afterId: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('param'),
    file: z.string(),
    name: z.string(),
    before: z.string().nullable(),
    after: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('environment'),
    /** `python`, a package or a declared variable. */
    name: z.string(),
    before: z.string().nullable(),
    after: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('output'),
    path: z.string(),
    change: z.enum(['modified', 'missing', 'new', 'no longer written']),
  }),
  /** A stage whose outputs it reads will run first, or did. */
  z.object({ kind: z.literal('upstream'), stage: z.string() }),
]);
export type StageReason = z.infer<typeof stageReason>;

/** What is worth knowing of a stage's status, whatever it is. */
export const stageWarning = z.discriminatedUnion('kind', [
  /** It declares nothing that it reads: only its command, its settings and its outputs can make it stale. */
  z.object({ kind: z.literal('no-deps') }),
  /** Its last run was seen reading this file, which is not among its deps: a change of it goes unnoticed. */
  z.object({ kind: z.literal('undeclared-input'), path: z.string() }),
  /** It is judged by what `dvc.lock` says, no run of it is recorded here. */
  z.object({ kind: z.literal('by-dvc-lock') }),
  /** It reads what lies on no disk of this machine: whether that changed is not known here. */
  z.object({ kind: z.literal('external-input'), address: z.string() }),
  /** It reads data (`path`) that is not what a `.dvc` file (`file`) says. */
  z.object({ kind: z.literal('source-differs'), path: z.string(), file: z.string() }),
]);
export type StageWarning = z.infer<typeof stageWarning>;

export const stageStatus = z.object({
  name: z.string(),
  /**
   * `up-to-date`: running it would change nothing. `restorable`: an earlier identical run's outputs can be brought back.
   * `stale`: it must run. `frozen`: it differs and is not run.
   */
  state: z.enum(['up-to-date', 'restorable', 'stale', 'frozen']),
  reasons: z.array(stageReason),
  warnings: z.array(stageWarning),
  /** The run that made the outputs it is judged by; null when there is none. */
  runId: z.string().nullable(),
  /** How long it will take, after its earlier runs, in ms; null where nobody knows. */
  expectedMs: z.number().nullable(),
});
export type StageStatus = z.infer<typeof stageStatus>;

export const stageState = z.enum([
  'waiting',
  'running',
  'finished',
  'failed',
  'killed',
  'skipped',
  'up-to-date',
  'restored',
  /** It differs and does not run by itself. */
  'frozen',
]);
export type StageState = z.infer<typeof stageState>;

export const stageExecution = z.object({
  name: z.string(),
  state: stageState,
  /** Its last try, or the run whose outputs were brought back. */
  runId: z.string().nullable(),
  reasons: z.array(stageReason),
  /** Of the last try, milliseconds UTC. */
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** How often it was begun. */
  tries: z.number(),
  /** Why it did not run, or how it ended, in words; null for the ordinary. */
  note: z.string().nullable(),
});
export type StageExecution = z.infer<typeof stageExecution>;

export const execution = z.object({
  id: z.string(),
  projectId: z.string(),
  status: z.enum(['running', 'finished', 'failed', 'killed']),
  /** What began it: `asked` by a person, or the trigger that fired, in words. */
  cause: z.string(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  stages: z.array(stageExecution),
});
export type Execution = z.infer<typeof execution>;

export const pipelines = {
  definition: procedure(
    'The pipeline a project defines; null when it defines none.',
    z.object({ projectId: z.string() }),
    pipeline.nullable(),
  ),
};
