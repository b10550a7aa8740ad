import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quietMlflow } from './fixture-python.ts';

export interface MlflowServer {
  readonly uri: string;
  stop(): Promise<void>;
}

/** Where a server keeps its files, when that is no folder: an address such as `s3://…`, and what it needs to reach it. */
export interface FileStore {
  readonly destination: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * For tests and measurements: MLflow's own server over SQLite in a folder. `workers` null takes its default number.
 * @throws when it ended before it was healthy.
 */
export async function startMlflowServer(
  python: string,
  folder: string,
  port: number,
  workers: number | null,
  files: FileStore = { destination: join(folder, 'artifacts'), env: {} },
): Promise<MlflowServer> {
  const args = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port)];
  args.push('--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`);
  args.push('--serve-artifacts', '--artifacts-destination', files.destination);
  if (workers !== null) args.push('--workers', String(workers));
  const child = spawn(python, args, {
    cwd: folder,
    env: { ...process.env, ...quietMlflow, ...files.env },
    stdio: 'ignore',
    detached: true,
  });
  // A measure that fails half-way must not leave it running. The server has workers of its own: the whole group ends.
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
  };
  process.once('exit', end);
  const uri = `http://127.0.0.1:${port}`;
  const ended = once(child, 'exit');
  for (let tries = 0; tries < 1200 && child.exitCode === null; tries++) {
    const health = await fetch(`${uri}/health`).catch(() => null);
    if (health?.ok === true) break;
    await sleep(100);
  }
  if (child.exitCode !== null)
    throw new Error(`mlflow server ended with ${child.exitCode} before it was healthy.`);
  return {
    uri,
    async stop() {
      process.off('exit', end);
      end();
      await ended;
    },
  };
}
