import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Says which GPUs CUDA programs see; empty for none. */
export const visibleGpus = 'CUDA_VISIBLE_DEVICES';

/** What the engine's own environment must not hand on. */
const ownNames = ['BENCHTOP_TOKEN', 'ELECTRON_RUN_AS_NODE'];

const variablesKeptMs = 1000;
let copied: { at: number; variables: NodeJS.ProcessEnv } = { at: -Infinity, variables: {} };

/**
 * The engine's own environment as it was at most a second ago. Each variable is asked of the system, which takes longer than all else
 * that makes the environment of a run.
 */
export function engineVariables(): NodeJS.ProcessEnv {
  const at = performance.now();
  if (at - copied.at > variablesKeptMs) {
    const variables = { ...process.env };
    copied = { at, variables: areSame(variables, copied.variables) ? copied.variables : variables };
  }
  return copied.variables;
}

/**
 * The environment of a run: the engine's, then what was asked for, then Benchtop's additions where the user has set nothing.
 * `set` names the additions; values are never recorded, a tracking address carries a token.
 */
export function childEnvironment(
  own: NodeJS.ProcessEnv,
  asked: Readonly<Record<string, string>>,
  run: {
    id: string;
    trackingUri: string | null;
    told: string;
    helperPath: string;
    /** GPUs that are this run's alone; null on a machine without. */
    gpus: readonly number[] | null;
  },
): {
  /** The very object that the run before had, where nothing in it differs. */
  environment: Variables;
  /** What no other run has so, beside that. */
  ownEnvironment: Record<string, string>;
  set: string[];
} {
  const { environment, set } = sharedEnvironment(own, asked, run);
  // Always this run's, also when the engine itself was started inside another run.
  const ownEnvironment: Record<string, string> = { BENCHTOP_RUN_ID: run.id, BENCHTOP_LOG_FILE: run.told };
  const ownSet = [...set];
  if (run.trackingUri !== null && environment['MLFLOW_TRACKING_URI'] === undefined) {
    ownEnvironment['MLFLOW_TRACKING_URI'] = run.trackingUri;
    ownSet.push('MLFLOW_TRACKING_URI');
  }
  ownSet.push('BENCHTOP_RUN_ID', 'BENCHTOP_LOG_FILE', 'PYTHONPATH');
  return { environment, ownEnvironment, set: ownSet };
}

type Variables = Readonly<Record<string, string | undefined>>;
interface SharedEnvironment {
  readonly environment: Variables;
  readonly set: readonly string[];
}

let before: {
  readonly of: { own: Variables; asked: Variables; helperPath: string; visible: string | null };
  readonly shared: SharedEnvironment;
} | null = null;

/** What runs that follow each other mostly have in common. */
function sharedEnvironment(
  own: NodeJS.ProcessEnv,
  asked: Readonly<Record<string, string>>,
  { helperPath, gpus }: { helperPath: string; gpus: readonly number[] | null },
): SharedEnvironment {
  const visible = gpus?.join(',') ?? null;
  if (
    before?.of.own === own &&
    before.of.helperPath === helperPath &&
    before.of.visible === visible &&
    areSame(before.of.asked, asked)
  )
    return before.shared;
  const environment: Record<string, string | undefined> = { ...own };
  for (const name of ownNames) delete environment[name];
  Object.assign(environment, asked);
  const additions: Record<string, string> = {
    // Output to a file is buffered by the block otherwise, and a curve would grow in jumps.
    PYTHONUNBUFFERED: '1',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    WANDB_MODE: 'offline',
    // CUDA counts the fastest card as 0, unless it is told to count as nvidia-smi does.
    ...(visible === null || environment[visibleGpus] !== undefined
      ? {}
      : { [visibleGpus]: visible, CUDA_DEVICE_ORDER: 'PCI_BUS_ID' }),
  };
  const set: string[] = [];
  for (const [name, value] of Object.entries(additions)) {
    if (environment[name] !== undefined) continue;
    environment[name] = value;
    set.push(name);
  }
  // Another run's, where the engine was started inside one.
  for (const name of ['BENCHTOP_RUN_ID', 'BENCHTOP_LOG_FILE']) delete environment[name];
  // Behind the user's own folders, so that a module of theirs called "benchtop" stays theirs.
  const pythonPath = environment['PYTHONPATH']?.split(delimiter) ?? [];
  environment['PYTHONPATH'] = [...pythonPath.filter((path) => path !== helperPath), helperPath].join(
    delimiter,
  );
  const shared = { environment, set };
  before = { of: { own, asked: { ...asked }, helperPath, visible }, shared };
  return shared;
}

function areSame(one: Variables, other: Variables): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && one[name] === other[name])
  );
}

/** What makes `python` mean a chosen interpreter, as activating its environment would. Nothing without a choice. */
export function interpreterPath(interpreter: string | null): Record<string, string> {
  if (interpreter === null) return {};
  const folder = dirname(interpreter);
  const environment = dirname(folder);
  return {
    PATH: [folder, process.env['PATH'] ?? ''].join(delimiter),
    ...(existsSync(join(environment, 'pyvenv.cfg')) ? { VIRTUAL_ENV: environment } : {}),
  };
}

/** A run gets one GPU where there are some, unless its environment says which are `visible`. */
export const defaultGpus = (visible: string | undefined): number => (visible === undefined ? 1 : 0);
