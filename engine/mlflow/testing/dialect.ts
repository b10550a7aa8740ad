import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHome } from '../../fixture-home.ts';
import { bareRecords } from '../../fixture-registry-records.ts';
import { createObjects } from '../../objects/index.ts';
import { createRegistry } from '../../registry/index.ts';
import { createTracking, type Tracking } from '../../tracking/index.ts';
import { mlflowRoutes } from '../index.ts';

/** The dialect over a fresh home. */
export interface Dialect {
  readonly tracking: Tracking;
  /** @param user the user part of the tracking URI. */
  ask(method: string, path: string, body: object, user?: string): Promise<Response>;
  /** Ends it and returns the failures that nobody expected. */
  close(): Promise<readonly unknown[]>;
}

export async function openDialect(): Promise<Dialect> {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-dialect-'));
  const { home, store, close } = await openHome(folder);
  const tracking = createTracking(store, Date.now);
  const objects = createObjects(home, store, Date.now);
  const registry = createRegistry({
    homePath: home.path,
    store,
    objects,
    records: bareRecords(tracking.run),
    onChange: tracking.modelsChanged,
    now: Date.now,
  });
  const unexpected: unknown[] = [];
  const http = mlflowRoutes(
    {
      store,
      tracking,
      registry,
      objects,
      artifactRoot: null,
      onSourcesLogged: () => undefined,
      now: Date.now,
    },
    (error) => unexpected.push(error),
  );
  return {
    tracking,
    ask: async (method, path, body, user = '') =>
      http.request(`/api/2.0/mlflow/${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${Buffer.from(`${user}:token`).toString('base64')}`,
        },
        ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
      }),
    async close() {
      await close();
      rmSync(folder, { recursive: true, force: true });
      return unexpected;
    },
  };
}
