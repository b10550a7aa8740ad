import { resolve } from 'node:path';
import { openInBrowser } from './open-in-browser.ts';
import { serveHome } from './serve-home.ts';

export interface ServeOptions {
  readonly home: string;
  readonly port: number;
  readonly auth: 'token' | 'none';
  readonly defaultArtifactRoot?: string;
  readonly open?: boolean;
}

/** `benchtop serve`: prints one line when healthy, and ends cleanly on SIGINT and SIGTERM. */
export async function serveCommand(options: ServeOptions): Promise<void> {
  const { served } = await serveHome({
    home: options.home,
    port: options.port,
    needsToken: options.auth === 'token',
    artifactRoot: options.defaultArtifactRoot === undefined ? null : artifactUri(options.defaultArtifactRoot),
  });
  if (options.auth === 'none') {
    console.error(
      'benchtop: --auth none lets every program and every user of this machine read and change everything here.',
    );
  }
  console.log(`benchtop ready ${served.url}`);
  if (options.open) openInBrowser(served.url);
}

/** A location as MLflow's clients understand it: a path becomes an absolute one, a URI stays. */
const artifactUri = (location: string): string =>
  /^[a-z][a-z0-9+.-]+:/i.test(location) ? location : resolve(location);
