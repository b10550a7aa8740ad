import {
  BenchtopError,
  noPipeline,
  type Pipeline,
  type ProjectPlace,
  type RoomHandlers,
  type Run,
  type TriggerSettings,
} from '../../contract/index.ts';
import { argumentParams, programOfCommand } from '../runner/index.ts';
import type { Store } from '../store/index.ts';
import type { WrittenBy } from '../written-paths.ts';
import { createLastingDefinitions, ownFile, readPipeline, stageParams } from './definition/index.ts';
import { createExecutions, type StageRunner } from './execution/index.ts';
import { createProposals, type ProposalsOptions } from './proposal/index.ts';
import { statusHandlers, type Staleness } from './staleness/index.ts';
import { createLookOut, createTriggers, type LookOut, type Surroundings } from './triggers/index.ts';

export interface Pipelines {
  readonly handlers: RoomHandlers<'pipelines'>;
  /** What the stages of an execution that goes on write. */
  readonly writtenBy: WrittenBy;
  /** Looks for what triggers look for, on behalf of another room. @throws {BenchtopError} `invalid-input` for what is no schedule. */
  lookOut(projectId: string, what: Pick<TriggerSettings, 'condition' | 'timeZone'>): LookOut;
  /** Goes on with executions that the engine before this one left unfinished, and begins to look for what triggers wait for. */
  resume(): Promise<void>;
  /** Resolves when nothing is done any more; what runs goes on. */
  close(): Promise<void>;
}

export function createPipelines(options: {
  homePath: string;
  store: Store;
  /** The program's. */
  version: string;
  now: () => number;
  project: (projectId: string) => ProjectPlace;
  run: (runId: string) => Run;
  runner: StageRunner & { readonly slots: number };
  staleness: Staleness;
  isOnMains: () => boolean;
  /** The last recorded version of a path; null when there is none. */
  latestData: (path: string) => string | null;
  /** The last incident that a monitor opened. */
  latestIncident: Surroundings['latestIncident'];
  /** What is known of the files of runs. */
  observed: Pick<ProposalsOptions, 'runsOf' | 'dataOf' | 'artifactsOf'>;
  gpuCount: () => Promise<number>;
  /** Of the machine. */
  memoryBytes: number;
  onUnexpected: (error: unknown) => void;
}): Pipelines {
  const lasting = createLastingDefinitions(options.store, `${options.version} ${ownFile}`);
  const definitionOf = (projectId: string) => readPipeline(options.project(projectId).path, lasting);
  /** The pipeline of a project that can run. @throws {BenchtopError} where there is none, or it has a mistake. */
  const soundPipeline = async (project: ProjectPlace): Promise<Pipeline> =>
    sound(await readPipeline(project.path, lasting), project);
  const executions = createExecutions({
    ...options,
    definition: soundPipeline,
    beginCheck: options.staleness.begin,
    async paramsOf({ path }, stage, command) {
      return unnamedParams(await stageParams(path, stage), argumentParams(command));
    },
  });
  const around: Surroundings = {
    projectPath: (projectId) => options.project(projectId).path,
    projectName: (projectId) => options.project(projectId).name,
    latestData: options.latestData,
    latestIncident: options.latestIncident,
    latestExecutions: (projectId) => executions.latest(projectId, 50),
  };
  const triggers = createTriggers({
    ...around,
    store: options.store,
    now: options.now,
    isOnMains: options.isOnMains,
    onUnexpected: options.onUnexpected,
    start: (projectId, { stages, isForced, cause }) =>
      executions.start({
        projectId,
        ...(stages.length === 0 ? {} : { stages }),
        reach: 'up-to-here',
        settings: { jobs: null, isForced, keepGoing: false },
        env: {},
        cause,
      }),
    cancel: executions.cancel,
    outputsOf: async (projectId) =>
      ((await definitionOf(projectId))?.stages ?? []).flatMap(({ outputs }) =>
        outputs.map(({ path }) => path),
      ),
  });
  return {
    handlers: {
      definition: ({ projectId }) => definitionOf(projectId),
      ...statusHandlers({
        staleness: options.staleness,
        project: options.project,
        definitionOf: (projectId) => soundPipeline(options.project(projectId)),
      }),
      ...executions.handlers,
      ...triggers.handlers,
      ...createProposals({ ...options.observed, project: options.project, programOf: programOfCommand }),
    },
    writtenBy: executions.writtenBy,
    lookOut: (projectId, what) => createLookOut(projectId, what, around),
    async resume() {
      await executions.resume();
      triggers.begin();
    },
    async close() {
      await triggers.close();
      await executions.close();
      await lasting.close().catch(options.onUnexpected);
    },
  };
}

function sound(pipeline: Pipeline | null, project: ProjectPlace): Pipeline {
  if (pipeline === null) throw noPipeline(project);
  const [problem] = pipeline.problems;
  if (problem === undefined) return pipeline;
  throw new BenchtopError({
    code: 'invalid-input',
    what: `${problem.file} has a mistake: ${problem.message}`,
    evidence: `line ${problem.line}, column ${problem.column}`,
    next: problem.fix,
  });
}

/** Params of a stage that its command does not name as an argument anyway: `train.epochs` is the `--epochs` that it fills. */
function unnamedParams(
  params: Awaited<ReturnType<typeof stageParams>>,
  named: Readonly<Record<string, string>>,
): Record<string, string> {
  const isNamed = (name: string, value: string) =>
    Object.entries(named).some(([argument, given]) => given === value && name.split('.').at(-1) === argument);
  return Object.fromEntries(
    params.flatMap(({ name, value }) => (value === null || isNamed(name, value) ? [] : [[name, value]])),
  );
}
