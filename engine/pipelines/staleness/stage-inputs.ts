import { hash } from 'node:crypto';
import type { PipelineStage } from '../../../contract/index.ts';
import { stageParams, type StageParam } from '../definition/index.ts';
import type { PathContents } from './path-contents.ts';

/** All that can change what a stage does, as it is now. What is recorded with a result is this, too. */
export interface StageInputs {
  readonly commands: readonly string[];
  readonly workingFolder: string;
  /** Ordered by path; the version is null where nothing is. What lies elsewhere has its address, and a version that is always the same. */
  readonly deps: readonly { readonly path: string; readonly version: string | null }[];
  /** Ordered by file and name. */
  readonly params: readonly StageParam[];
  /** Declared variables, ordered by name. */
  readonly env: readonly (readonly [name: string, value: string])[];
  /** Id of the interpreter and packages; null where the command uses no known interpreter. */
  readonly environmentId: string | null;
  /** Paths, ordered. */
  readonly outputs: readonly string[];
}

export interface InputSources {
  readonly projectPath: string;
  readonly contents: PathContents;
  /** Id of the environment of a stage. */
  readonly environmentOf: (stage: PipelineStage) => Promise<string | null>;
}

/** Of what cannot be looked at from here. */
const uncheckedVersion = 'unchecked';

/** Reads what a stage depends on. @throws {BenchtopError} `file-unreadable`, `conflict`, `cancelled`. */
export async function stageInputs(
  stage: PipelineStage,
  { projectPath, contents, environmentOf }: InputSources,
): Promise<StageInputs> {
  const [versions, params, environmentId] = await Promise.all([
    Promise.all(stage.deps.map((path) => contents.versionAt(path))),
    stageParams(projectPath, stage),
    environmentOf(stage),
  ]);
  return {
    commands: stage.commands,
    workingFolder: stage.workingFolder,
    deps: [
      ...stage.deps.map((path, at) => ({ path, version: versions[at] ?? null })),
      ...stage.externalDeps.map((path) => ({ path, version: uncheckedVersion })),
    ].toSorted((a, b) => compareText(a.path, b.path)),
    params: params.toSorted((a, b) => compareText(a.file, b.file) || compareText(a.name, b.name)),
    env: Object.entries(stage.env).toSorted(([a], [b]) => compareText(a, b)),
    environmentId,
    outputs: stage.outputs.map(({ path }) => path).toSorted(compareText),
  };
}

/**
 * Names the work that a stage is: the same key is the same work, whatever the stage is called. One without outputs is known by its
 * name as well: what it does leaves no trace that another could be told by.
 */
export function stageKey(name: string, inputs: StageInputs): string {
  const { commands, workingFolder, deps, params, env, environmentId, outputs } = inputs;
  const parts = [
    1,
    outputs.length === 0 ? name : null,
    commands,
    workingFolder,
    deps.map(({ path, version }) => [path, version]),
    params.map((param) => [param.file, param.name, param.value]),
    env,
    environmentId,
    outputs,
  ];
  return hash('sha256', JSON.stringify(parts));
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
