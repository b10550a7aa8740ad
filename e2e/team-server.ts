import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** No telemetry, no look-ups: what is tested runs where there is no network. */
export const quietMlflow = {
  MLFLOW_DISABLE_TELEMETRY: 'true',
  DO_NOT_TRACK: 'true',
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  GIT_PYTHON_REFRESH: 'quiet',
  PYTHONWARNINGS: 'ignore',
};

/** A Python with mlflow and scikit-learn, or why there is none. */
export function mlflowPython(): { python: string } | { reason: string } {
  const named = process.env.BENCHTOP_PYTHON ?? '';
  if (named !== '') return { python: named };
  try {
    const script = join(root, 'scripts', 'python-environment.mjs');
    return { python: execFileSync(process.execPath, [script], { encoding: 'utf8', stdio: 'pipe' }).trim() };
  } catch (error) {
    return { reason: String((error as { stderr?: string }).stderr ?? error).trim() };
  }
}

/** The team's server: `mlflow server` over SQLite in a folder. */
export interface TeamServer {
  readonly address: string;
  readonly port: number;
  /** An answer of its REST API, asked without any Benchtop. */
  ask<T>(path: string, body?: object): Promise<T>;
  stop(): Promise<void>;
}

export async function startTeamServer(python: string, folder: string): Promise<TeamServer> {
  const port = await freePort();
  const places = [`sqlite:///${join(folder, 'mlflow.db')}`, join(folder, 'artifacts')] as const;
  const words = `-m mlflow server --workers=1 --host=127.0.0.1 --port=${port} --serve-artifacts`.split(' ');
  words.push('--backend-store-uri', places[0], '--artifacts-destination', places[1]);
  const env = { ...process.env, ...quietMlflow };
  const child = spawn(python, words, { cwd: folder, env, stdio: 'ignore', detached: true });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // It has a worker of its own: the whole group ends, also with a test that ran out of time.
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
  };
  process.once('exit', end);
  const address = `http://127.0.0.1:${port}`;
  while (!(await isHealthy(address))) {
    if (child.exitCode !== null) throw new Error(`mlflow server ended with ${child.exitCode}.`);
    await sleep(200);
  }
  return {
    address,
    port,
    async ask<T>(path: string, body?: object) {
      const response = await fetch(
        `${address}/api/2.0/mlflow/${path}`,
        body === undefined
          ? {}
          : {
              method: 'POST',
              body: JSON.stringify(body),
              headers: { 'content-type': 'application/json' },
            },
      );
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    async stop() {
      process.off('exit', end);
      end();
      await ended;
    },
  };
}

const isHealthy = async (address: string): Promise<boolean> =>
  (await fetch(`${address}/health`).catch(() => null))?.ok === true;
