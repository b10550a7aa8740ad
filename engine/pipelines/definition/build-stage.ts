import type { PipelineStage, StageOutput, StageParamNames } from '../../../contract/index.ts';
import { amount, sizeBytes, timeMs } from './amounts.ts';
import type { DvcConfig } from './dvc-config.ts';
import { locateDep } from './locate-dep.ts';
import { defaultParamsFile } from './params-file.ts';
import type { YamlMap, YamlValue } from './read-yaml.ts';
import { isOutside, isRemote, lockName, lockPath, projectPath } from './stage-paths.ts';
import { isMap, scalarText } from './template-text.ts';

export type BareStage = Omit<PipelineStage, 'upstream'>;
type Fail = (path: readonly (string | number)[], message: string, fix: string) => void;

export interface KnownOfStage extends Pick<BareStage, 'name' | 'group' | 'file' | 'line'> {
  /** Of the project, absolute. */
  readonly root: string;
  /** That of the file. */
  readonly folder: string;
  readonly remotes: DvcConfig['remotes'];
}

/** The stage of a body whose templates are filled and whose keys were checked. */
export function buildStage(body: YamlMap, known: KnownOfStage, fail: Fail): BareStage {
  const { root, folder, remotes: _, ...identity } = known;
  const workingFolder = projectPath(root, folder, textOf(body.wdir) ?? '.');
  if (isOutside(workingFolder))
    fail(
      ['wdir'],
      `The folder ${workingFolder} lies outside the project.`,
      'Choose a folder of the project.',
    );
  const resources = isMap(body.resources) ? body.resources : {};
  const read = (
    path: readonly string[],
    value: YamlValue | undefined,
    convert: typeof amount,
    what: string,
  ) => {
    if (value === undefined || value === null) return null;
    const converted = convert(value);
    if (converted === null)
      fail(path, `${scalarText(value)} is no ${what}.`, `Write it as in docs/pipelines.md.`);
    return converted;
  };
  const lockNames = new Map<string, string>();
  const located: Located = (path, written) => {
    const name = lockName(root, workingFolder, written);
    if (name !== lockPath(workingFolder, path)) lockNames.set(path, name);
    return path;
  };
  return {
    ...identity,
    commands: listOf(body.cmd).map((command) => scalarText(command)),
    workingFolder,
    description: textOf(body.desc) ?? '',
    ...depsOf(body, known, workingFolder, { located, fail }),
    params: paramsOf(body, root, workingFolder),
    outputs: (['outs', 'metrics', 'plots'] as const).flatMap((key) =>
      outputsOf(body, key, root, workingFolder, { located, fail }),
    ),
    isFrozen: body.frozen === true,
    isAlwaysChanged: body.always_changed === true,
    resources: {
      cpus: read(['resources', 'cpu'], resources.cpu, amount, 'number of cores'),
      memoryBytes: read(['resources', 'memory'], resources.memory, sizeBytes, 'size'),
      gpus: read(['resources', 'gpu'], resources.gpu, amount, 'number of GPUs'),
    },
    mutexes: listOf(body.mutex).map((name) => scalarText(name)),
    retry: retryOf(body.retry, read),
    timeLimitMs: read(['timeout'], body.timeout, timeMs, 'time'),
    env: Object.fromEntries(
      Object.entries(isMap(body.env) ? body.env : {}).map(([name, value]) => [
        name,
        value === null ? '' : scalarText(value),
      ]),
    ),
    // Last: all of its paths are located by now.
    lockNames: Object.fromEntries(lockNames),
  };
}

/** Notes how a path is written, and answers it. */
type Located = (path: string, written: string) => string;

type Read = (
  path: readonly string[],
  value: YamlValue | undefined,
  convert: typeof amount,
  what: string,
) => number | null;

/** Long enough for a busy machine or server to recover. */
const firstDelayMs = 10_000;

function retryOf(retry: YamlValue | undefined, read: Read): PipelineStage['retry'] {
  if (retry === undefined || retry === null) return { times: 0, delayMs: 0 };
  if (!isMap(retry))
    return { times: Math.floor(read(['retry'], retry, amount, 'number') ?? 0), delayMs: firstDelayMs };
  return {
    times: Math.floor(read(['retry', 'times'], retry.times, amount, 'number') ?? 0),
    delayMs: read(['retry', 'delay'], retry.delay, timeMs, 'time') ?? firstDelayMs,
  };
}

/** Each dep once: paths of this machine, and addresses of what lies elsewhere. */
function depsOf(
  body: YamlMap,
  { root, remotes }: Pick<KnownOfStage, 'root' | 'remotes'>,
  folder: string,
  { located, fail }: { located: Located; fail: Fail },
): Pick<PipelineStage, 'deps' | 'externalDeps'> {
  const deps = new Set<string>();
  const externalDeps = new Set<string>();
  for (const [index, entry] of listOf(body.deps).entries()) {
    const written = scalarText(entry);
    const place = locateDep(written, root, folder, remotes);
    if ('mistake' in place) fail(['deps', index], place.mistake, place.fix);
    else if ('path' in place) deps.add(located(place.path, written));
    else externalDeps.add(place.address);
  }
  return { deps: [...deps], externalDeps: [...externalDeps] };
}

/** As DVC merges them: by file; a file that is named without names is read whole. */
function paramsOf(body: YamlMap, root: string, folder: string): StageParamNames[] {
  const files = new Map<string, string[]>();
  const whole = new Set<string>();
  for (const entry of listOf(body.params)) {
    const named = isMap(entry) ? Object.entries(entry) : [[defaultParamsFile, [entry]] as const];
    for (const [file, names] of named) {
      const path = projectPath(root, folder, file);
      const list = listOf(names).map((name) => scalarText(name));
      if (list.length === 0) whole.add(path);
      files.set(path, [...(files.get(path) ?? []), ...list]);
    }
  }
  return [...files].map(([file, names]) => ({ file, names: whole.has(file) ? [] : [...new Set(names)] }));
}

const kinds = { outs: 'output', metrics: 'metrics', plots: 'plots' } as const;

function outputsOf(
  body: YamlMap,
  key: keyof typeof kinds,
  root: string,
  folder: string,
  { located, fail }: { located: Located; fail: Fail },
): StageOutput[] {
  // What is named twice is one output with the options of both, as DVC merges them.
  const flagsByPath = new Map<string, YamlMap>();
  for (const [index, entry] of listOf(body[key]).entries()) {
    const named: [string, YamlValue][] = isMap(entry) ? Object.entries(entry) : [[scalarText(entry), {}]];
    for (const [written, flags] of named) {
      const path = located(projectPath(root, folder, written), written);
      if (isRemote(written) || path === '.') {
        fail(
          [key, index],
          `The output ${written} is no file or folder of this machine that a stage could have for itself.`,
          "Choose a path below the project's folder.",
        );
        continue;
      }
      flagsByPath.set(path, { ...flagsByPath.get(path), ...(isMap(flags) ? flags : {}) });
    }
  }
  return [...flagsByPath].map(([path, flags]) => ({
    path,
    kind: kinds[key],
    // What is not the project's is neither kept nor removed.
    isCached: flags.cache !== false && !isOutside(path),
    isPersistent: flags.persist === true || isOutside(path),
  }));
}

const textOf = (value: YamlValue | undefined): string | null =>
  value === undefined || value === null ? null : scalarText(value);

const listOf = (value: YamlValue | undefined): readonly YamlValue[] =>
  value === undefined || value === null
    ? []
    : Array.isArray(value)
      ? (value as readonly YamlValue[])
      : [value];
