import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Engine } from '../../../engine/index.ts';
import { quietMlflow } from './python-environment.ts';

export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** One of the two servers that are compared: takes a request, gives what came back. */
export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/** A real `mlflow server` over SQLite in a folder, one worker; resolves when it is healthy. */
export async function startMlflow(
  python: string,
  folder: string,
): Promise<{ ask: Ask; stop(): Promise<void> }> {
  const port = await freePort();
  const child = spawn(
    python,
    [
      '-m',
      'mlflow',
      'server',
      '--backend-store-uri',
      `sqlite:///${join(folder, 'mlflow.db')}`,
      '--artifacts-destination',
      join(folder, 'artifacts'),
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--workers',
      '1',
    ],
    { cwd: folder, env: { ...process.env, ...quietMlflow }, stdio: 'ignore', detached: true },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const address = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 240 && child.exitCode === null; tries++) {
    const health = await fetch(`${address}/health`).catch(() => null);
    if (health?.ok === true) break;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return {
    ask: (method, path, body, headers) => answered(fetch(requestOf(address, method, path, body, headers))),
    async stop() {
      // The server has a worker of its own: the whole group ends.
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
      await ended;
    },
  };
}

/** Benchtop's engine, asked without a network in between. */
export const askEngine =
  (engine: Engine): Ask =>
  (method, path, body, headers) =>
    answered(engine.fetch(requestOf('http://engine', method, path, body, headers)));

function requestOf(
  address: string,
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Request {
  if (body === undefined) return new Request(address + path, { method, headers });
  const isText = typeof body === 'string';
  return new Request(address + path, {
    method,
    headers: { 'content-type': isText ? 'text/plain' : 'application/json', ...headers },
    body: isText ? body : JSON.stringify(body),
  });
}

async function answered(asked: Promise<Response>): Promise<Answer> {
  const response = await asked;
  const text = await response.text();
  try {
    return { status: response.status, json: JSON.parse(text) as unknown };
  } catch {
    return { status: response.status, json: text };
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
