import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { searchedSql, type SearchedSize } from './searched-home.ts';

/** The Python of the checkout's own environment, or null where `npm test` has not made it yet. */
export function mlflowPython(root: string): string | null {
  const python = join(root, '.venv', 'bin', 'python');
  return existsSync(python) ? python : null;
}

/** A real `mlflow server` with one worker, over SQLite in a folder. */
export async function startMlflowServer(
  python: string,
  folder: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const child = spawn(
    python,
    [
      '-m',
      'mlflow',
      'server',
      '--backend-store-uri',
      `sqlite:///${databaseIn(folder)}`,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--workers',
      '1',
    ],
    {
      cwd: folder,
      stdio: 'ignore',
      detached: true,
      env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true' },
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const isHealthy = () =>
    fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
  for (let tries = 0; tries < 240 && child.exitCode === null && !(await isHealthy()); tries++)
    await sleep(250);
  return {
    url,
    async stop() {
      // The server has a worker of its own: the whole group ends.
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
}

const databaseIn = (folder: string) => join(folder, 'mlflow.db');

/** Writes the runs of `makeSearchedHome` into a database that MLflow has made. The server must not be running. */
export function fillMlflow(folder: string, { runs, pairs }: SearchedSize): void {
  const db = new Database(databaseIn(folder));
  const { value, param, startedAt } = searchedSql;
  db.pragma('synchronous = OFF');
  const counted = (name: string, upTo: number) =>
    `${name}(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM ${name} WHERE n < ${upTo - 1})`;
  const both = `WITH RECURSIVE ${counted('r', runs)}, ${counted('p', pairs)}`;
  const uuid = "printf('%032x', r.n)";
  try {
    db.exec(`
      BEGIN;
      INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time, lifecycle_stage, artifact_uri, experiment_id)
        WITH RECURSIVE ${counted('r', runs)} SELECT ${uuid}, 'run ' || r.n, 'UNKNOWN', '', '', 'ada', iif(r.n % 11 = 0, 'FAILED', 'FINISHED'),
          ${startedAt('r.n')}, ${startedAt('r.n')} + 30000, 'active', 'mlflow-artifacts:/0/' || ${uuid} || '/artifacts', 0 FROM r;
      INSERT INTO params (key, value, run_uuid) ${both} SELECT 'param_' || p.n, ${param('r.n', 'p.n')}, ${uuid} FROM r CROSS JOIN p;
      INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)
        ${both} SELECT 'metric_' || p.n, ${value('r.n', 'p.n')}, ${startedAt('r.n')}, 0, 0, ${uuid} FROM r CROSS JOIN p;
      COMMIT;
    `);
  } finally {
    db.close();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
