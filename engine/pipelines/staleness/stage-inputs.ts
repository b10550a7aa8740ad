import { createHash } from 'node:crypto';
import type { PipelineStage } from '../../../contract/index.ts';
import { flatValues } from '../../config-values.ts';
import { valueAt } from '../params-file.ts';
import type { PathContents } from './path-contents.ts';

/** All that can change what a stage does, as it is now. What is recorded with a result is this, too. */
export interface StageInputs {
  readonly commands: readonly string[];
  readonly workingFolder: string;
  /** Ordered by path; the version is null where nothing is. */
  readonly deps: readonly { readonly path: string; readonly version: string | null }[];
  /** Single values, ordered by file and name; null for one that the file does not have. */
  readonly params: readonly { readonly file: string; readonly name: string; readonly value: string | null }[];
  /** Declared variables, ordered by name. */
  readonly env: readonly (readonly [name: string, value: string])[];
  /** Id of the interpreter and packages; null where the command uses no known interpreter. */
  readonly environmentId: string | null;
  /** Paths, ordered. */
  readonly outputs: readonly string[];
}

export interface InputSources {
  readonly contents: PathContents;
  /** The values in a file of params; undefined where there is no such file. */
  readonly paramsOf: (file: string) => Promise<unknown>;
  /** Id of the environment of a stage. */
  readonly environmentOf: (stage: PipelineStage) => Promise<string | null>;
}

/** Reads what a stage depends on. @throws {BenchtopError} `file-unreadable`, `conflict`, `cancelled`. */
export async function stageInputs(
  stage: PipelineStage,
  { contents, paramsOf, environmentOf }: InputSources,
): Promise<StageInputs> {
  const [versions, params, environmentId] = await Promise.all([
    Promise.all(stage.deps.map((path) => contents.versionAt(path))),
    Promise.all(stage.params.map(async ({ file, names }) => paramsIn(file, names, await paramsOf(file)))),
    environmentOf(stage),
  ]);
  return {
    commands: stage.commands,
    workingFolder: stage.workingFolder,
    deps: stage.deps
      .map((path, at) => ({ path, version: versions[at] ?? null }))
      .toSorted((a, b) => compareText(a.path, b.path)),
    params: params.flat().toSorted((a, b) => compareText(a.file, b.file) || compareText(a.name, b.name)),
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
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function paramsIn(file: string, names: readonly string[], content: unknown): StageInputs['params'] {
  return (names.length === 0 ? [''] : names).flatMap((name) => {
    const values = flatValues(name, name === '' ? content : valueAt(content, name));
    const missing: [string, null][] = [[name, null]];
    return (values.length === 0 ? missing : values).map(([path, value]) => ({ file, name: path, value }));
  });
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
