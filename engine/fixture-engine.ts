import { join } from 'node:path';
import { contract, createConnection, createPortPair, type EngineApi } from '../contract/index.ts';
import { createEngine, type Engine } from './engine.ts';
import type { EngineOptions } from './engine-options.ts';

export interface OpenEngine {
  readonly engine: Engine;
  readonly api: EngineApi;
  /** Ends the connection and the engine; the home stays on the disk. */
  close(): Promise<void>;
}

/** For tests: an engine with all its rooms in this process, and the contract that a window speaks with it. */
export async function openEngine(
  homePath: string,
  more: Pick<EngineOptions, 'artifactRoot'> = {},
): Promise<OpenEngine> {
  const engine = await createEngine({
    homePath,
    version: '0',
    resourcesPath: join(import.meta.dirname, '../resources'),
    ...more,
  });
  const { api, close } = createConnection(contract, async () => {
    const [near, far] = createPortPair();
    engine.connect(far);
    return near;
  });
  return {
    engine,
    api,
    async close() {
      close();
      await engine.close();
    },
  };
}
