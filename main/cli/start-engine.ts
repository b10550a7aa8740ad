import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Port } from '../../contract/index.ts';

/** An engine that comes up in a process of its own. */
export interface StartedEngine {
  /** To the engine when it listens; null when it has ended before. Once that is closed, the engine goes on without this process. */
  readonly port: Promise<Port | null>;
  readonly logPath: string;
  /** Keeps this process alive until the engine listens or has ended, and then as long as the port is open. */
  hold(): void;
}

/** An engine started for a command ends this long after the last caller left, in seconds. */
const idleSeconds = 60;

/** Starts the engine of a home. This process does not wait for it before `hold`. */
export function startEngine(homePath: string): StartedEngine {
  mkdirSync(homePath, { recursive: true, mode: 0o700 });
  const logPath = join(homePath, 'serve.log');
  const log = openSync(logPath, 'a', 0o600);
  const entry = fileURLToPath(new URL('./held-engine.ts', import.meta.url));
  const compiled = getCompileCacheDir();
  const args = [entry, homePath, String(idleSeconds), ...(compiled === undefined ? [] : [dirname(compiled)])];
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    serialization: 'advanced',
  });
  const isReady = new Promise<boolean>((resolve) => {
    child.once('message', () => resolve(true));
    for (const event of ['exit', 'error']) child.once(event, () => resolve(false));
  });
  child.unref();
  child.channel?.unref();
  // Loaded beside the engine's start. It says nothing before it is asked.
  const port = import('../process-port.ts').then(async ({ openProcessPort }) =>
    (await isReady) ? openProcessPort(child) : null,
  );
  return {
    port,
    logPath,
    hold() {
      child.ref();
      child.channel?.ref();
      // From then on only the channel keeps this process alive.
      void isReady.then(() => child.unref());
    },
  };
}
