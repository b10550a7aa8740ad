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
  if (at - copied.at > variablesKeptMs) copied = { at, variables: { ...process.env } };
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
  environment: Record<string, string | undefined>;
  /** What no other run has so, beside that. */
  ownEnvironment: Record<string, string>;
  set: string[];
} {
  const environment: Record<string, string | undefined> = { ...own };
  for (const name of ownNames) delete environment[name];
  Object.assign(environment, asked);
  const additions: Record<string, string> = {
    // Output to a file is buffered by the block otherwise, and a curve would grow in jumps.
    PYTHONUNBUFFERED: '1',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    WANDB_MODE: 'offline',
    // CUDA counts the fastest card as 0, unless it is told to count as nvidia-smi does.
    ...(run.gpus === null || environment[visibleGpus] !== undefined
      ? {}
      : { [visibleGpus]: run.gpus.join(','), CUDA_DEVICE_ORDER: 'PCI_BUS_ID' }),
  };
  const set: string[] = [];
  for (const [name, value] of Object.entries(additions)) {
    if (environment[name] !== undefined) continue;
    environment[name] = value;
    set.push(name);
  }
  // Always this run's, also when the engine itself was started inside another run.
  const ownEnvironment: Record<string, string> = { BENCHTOP_RUN_ID: run.id, BENCHTOP_LOG_FILE: run.told };
  for (const name of Object.keys(ownEnvironment)) delete environment[name];
  if (run.trackingUri !== null && environment['MLFLOW_TRACKING_URI'] === undefined) {
    ownEnvironment['MLFLOW_TRACKING_URI'] = run.trackingUri;
    set.push('MLFLOW_TRACKING_URI');
  }
  // Behind the user's own folders, so that a module of theirs called "benchtop" stays theirs.
  const pythonPath = environment['PYTHONPATH']?.split(delimiter) ?? [];
  environment['PYTHONPATH'] = [...pythonPath.filter((path) => path !== run.helperPath), run.helperPath].join(
    delimiter,
  );
  return { environment, ownEnvironment, set: [...set, 'BENCHTOP_RUN_ID', 'BENCHTOP_LOG_FILE', 'PYTHONPATH'] };
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
