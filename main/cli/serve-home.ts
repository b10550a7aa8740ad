import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createEngine, type Engine } from '../../engine/index.ts';
import { resourcesPath, version, windowPath } from '../installation.ts';
import { holdAwake, serve, type Served } from '../serve/index.ts';

/** An engine and its address, until this process is told to end. */
export interface ServedHome {
  readonly engine: Engine;
  readonly served: Served;
  /** Ends both, and this process. */
  close(): Promise<void>;
}

/** Serves the engine and the window of a home. Ends cleanly on SIGINT, SIGTERM and SIGHUP. */
export async function serveHome(options: {
  readonly home: string;
  readonly port: number;
  readonly needsToken: boolean;
  /** A URI; null for the home's own. */
  readonly artifactRoot: string | null;
}): Promise<ServedHome> {
  const engine = await createEngine({
    homePath: resolve(options.home),
    version,
    resourcesPath,
    holdAwake,
    artifactRoot: options.artifactRoot,
  });
  const served = await serve({
    engine,
    port: options.port,
    windowPath: existsSync(windowPath) ? windowPath : null,
    needsToken: options.needsToken,
  }).catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
  let isClosing = false;
  const close = async () => {
    if (isClosing) return;
    isClosing = true;
    await served.close();
    await engine.close();
    process.exit();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void close());
  return { engine, served, close };
}
