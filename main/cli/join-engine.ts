import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BenchtopError, contract, createConnection, type Connection } from '../../contract/index.ts';
import { openEnginePort } from '../engine-port.ts';
import { announcedAddress, type EngineAddress } from '../../engine/index.ts';

export interface JoinedEngine {
  readonly api: Connection<typeof contract>['api'];
  /** The window's address, with the token in its fragment, for a path of the window. */
  windowUrl(path: string): string;
  close(): void;
}

/** An engine started for a command ends this long after the last caller left, in seconds. */
const idleSeconds = 60;
const startPatienceMs = 15_000;

/** Joins the engine that is running on the home, or starts one that stays while it is needed. */
export async function joinEngine(home: string): Promise<JoinedEngine> {
  const homePath = resolve(home);
  const address = (await runningEngine(homePath)) ?? (await startEngine(homePath));
  const connection = createConnection(contract, () => openEnginePort(address));
  return {
    api: connection.api,
    windowUrl: (path) =>
      `http://127.0.0.1:${address.port}${path}${address.token === null ? '' : `#token=${address.token}`}`,
    close: connection.close,
  };
}

/** The engine that answers on the address the home announces; an announcement left by a crash answers nothing. */
async function runningEngine(homePath: string): Promise<EngineAddress | null> {
  const address = announcedAddress(homePath);
  if (address === null) return null;
  const isHealthy = await fetch(`http://127.0.0.1:${address.port}/health`, {
    signal: AbortSignal.timeout(3000),
  }).then(
    (response) => response.ok,
    () => false,
  );
  return isHealthy ? address : null;
}

async function startEngine(homePath: string): Promise<EngineAddress> {
  mkdirSync(homePath, { recursive: true, mode: 0o700 });
  const logPath = join(homePath, 'serve.log');
  const log = openSync(logPath, 'a', 0o600);
  const entry = fileURLToPath(new URL('./benchtop.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [entry, 'serve', '--home', homePath, '--exit-when-idle', String(idleSeconds)],
    {
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  child.unref();
  const until = Date.now() + startPatienceMs;
  while (Date.now() < until) {
    const address = await runningEngine(homePath);
    if (address !== null) return address;
    // Another caller may have won the home at the same moment: then its engine is the one that answers.
    await sleep(child.exitCode === null ? 20 : 200);
  }
  throw new BenchtopError({
    code: 'cannot-start',
    what: `No engine came up on ${homePath}.`,
    evidence: `See ${logPath}.`,
    next: 'Run `benchtop serve` to see what it says.',
  });
}
