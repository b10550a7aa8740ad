import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createEngine } from '../../engine/index.ts';
import { resourcesPath, version, windowPath } from '../installation.ts';
import { holdAwake, serve } from '../serve/index.ts';
import { openInBrowser } from './open-in-browser.ts';

export interface ServeOptions {
  readonly home: string;
  readonly port: number;
  readonly auth: 'token' | 'none';
  readonly defaultArtifactRoot?: string;
  readonly open?: boolean;
  readonly exitWhenIdle?: number;
}

/** `benchtop serve`: prints one line when healthy, and ends cleanly on SIGINT and SIGTERM. */
export async function serveCommand(options: ServeOptions): Promise<void> {
  const engine = await createEngine({
    homePath: resolve(options.home),
    version,
    resourcesPath,
    holdAwake,
    artifactRoot: options.defaultArtifactRoot === undefined ? null : artifactUri(options.defaultArtifactRoot),
  });
  const served = await serve({
    engine,
    port: options.port,
    windowPath: existsSync(windowPath) ? windowPath : null,
    needsToken: options.auth === 'token',
  }).catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
  if (options.auth === 'none') {
    console.error(
      'benchtop: --auth none lets every program and every user of this machine read and change everything here.',
    );
  }
  let isClosing = false;
  const close = async () => {
    if (isClosing) return;
    isClosing = true;
    await served.close();
    await engine.close();
    process.exit();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void close());
  if (options.exitWhenIdle !== undefined) {
    const idleAfterMs = options.exitWhenIdle * 1000;
    let busyAt = Date.now();
    setInterval(() => {
      if (served.connectionCount() > 0 || engine.jobCount() > 0) busyAt = Date.now();
      else if (Date.now() - busyAt > idleAfterMs) void close();
    }, 1000);
  }
  console.log(`benchtop ready ${served.url}`);
  // To the command that started it, which waits for that.
  process.send?.('ready');
  if (options.open) openInBrowser(served.url);
}

/** A location as MLflow's clients understand it: a path becomes an absolute one, a URI stays. */
const artifactUri = (location: string): string =>
  /^[a-z][a-z0-9+.-]+:/i.test(location) ? location : resolve(location);
