import { mkdtemp } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pythonEnvironment } from '../engine/fixture-python.ts';
import { startMlflowServer } from '../engine/fixture-mlflow-server.ts';
import { startMetricClient, type MetricClient } from './metric-client.ts';
import { missingEngine, startEngine, startNullServer } from './programs.ts';
import type { StartedProgram } from './start-program.ts';

/** The servers that metrics are logged to in turn, by the address that a client is given. */
export interface IngestSides {
  readonly python: string;
  readonly client: MetricClient;
  readonly engine: StartedProgram;
  readonly uris: {
    readonly ours: string;
    readonly floor: string;
    readonly synced: string;
    readonly peer: string;
  };
}

export const nullServerIs = 'a Node http server that parses the JSON and answers {}, same client';
export const syncedServerIs = 'the same, appending each body to a file and syncing it before it answers';

/** Starts an engine on a fresh home, the null server and MLflow's own server, and ends all of them after the work. */
export async function withIngestSides<T>(
  { root, scratch }: { root: string; scratch: string },
  mlflowWorkers: number | null,
  work: (sides: IngestSides) => Promise<T>,
): Promise<T | { reason: string }> {
  const missing = missingEngine(root);
  if (missing !== null) return { reason: missing };
  const found = pythonEnvironment();
  if ('reason' in found) return found;
  const { python } = found;
  const folder = await mkdtemp(join(scratch, 'ingest-'));
  const engine = await startEngine(root, join(folder, 'home'));
  const floor = await startNullServer();
  const synced = await startNullServer(join(folder, 'synced'));
  const peer = await startMlflowServer(python, folder, await freePort(), mlflowWorkers);
  const client = startMetricClient(root, python);
  try {
    const token = new URLSearchParams(engine.url.hash.slice(1)).get('token') ?? '';
    // Credentials for all: a client that has some sends them, which takes it a while.
    const withName = (host: string, password: string) => `http://run:${password}@${host}`;
    const uris = {
      ours: withName(engine.url.host, token),
      floor: withName(floor.url.host, 'none'),
      synced: withName(synced.url.host, 'none'),
      peer: peer.uri,
    };
    return await work({ python, client, engine, uris });
  } finally {
    await client.close();
    await Promise.all([engine.stop(), floor.stop(), synced.stop(), peer.stop()]);
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

export const quantile = (samples: readonly number[], share: number): number => {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};
