import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BenchtopError, type EngineApi, type Port } from '../../contract/index.ts';
import { announcedAddress, type EngineAddress } from '../../engine/index.ts';

export interface JoinedEngine {
  readonly api: EngineApi;
  /** The window's address, with the token in its fragment, for a path of the window. */
  windowUrl(path: string): string;
  close(): void;
}

/** An engine started for a command ends this long after the last caller left, in seconds. */
const idleSeconds = 60;
const startPatienceMs = 15_000;
/** Where ours has ended at once, another caller has won the home at the same moment, or no engine can start there. */
const otherPatienceMs = 5000;

/**
 * Joins the engine that is running on the home, or starts one that stays while it is needed.
 * @throws {BenchtopError} `cannot-start` where none comes up.
 */
export async function joinEngine(home: string): Promise<JoinedEngine> {
  const homePath = resolve(home);
  const address = announcedAddress(homePath);
  // It comes up while this process loads what it takes to speak to it.
  let starting = address === null ? startEngine(homePath) : null;
  const { connectEngine, connectOver } = await import('./connect-engine.ts');
  // An announcement left by a crash answers nothing.
  const joined = address === null ? null : await connectEngine(address);
  if (address !== null && joined !== null) return { ...joined, windowUrl: windowUrlOf(address) };

  starting ??= startEngine(homePath);
  // The engine keeps this process alive meanwhile, and nothing else needs to.
  const patience = sleep(startPatienceMs, null, { ref: false });
  const port = await Promise.race([starting.port, patience]);
  const own = announcedAddress(homePath);
  if (port !== null && own !== null) return { ...connectOver(port, own), windowUrl: windowUrlOf(own) };
  const until = Date.now() + otherPatienceMs;
  while (Date.now() < until) {
    const announced = announcedAddress(homePath);
    const connected = announced === null ? null : await connectEngine(announced);
    if (announced !== null && connected !== null) return { ...connected, windowUrl: windowUrlOf(announced) };
    await sleep(100);
  }
  throw new BenchtopError({
    code: 'cannot-start',
    what: `No engine came up on ${homePath}.`,
    evidence: `See ${starting.logPath}.`,
    next: 'Run `benchtop serve` to see what it says.',
  });
}

const windowUrlOf =
  ({ port, token }: EngineAddress) =>
  (path: string) =>
    `http://127.0.0.1:${port}${path}${token === null ? '' : `#token=${token}`}`;

/** `port`: to the engine when it listens; null when it has ended before. Once that is closed, the engine goes on without this process. */
function startEngine(homePath: string): { port: Promise<Port | null>; logPath: string } {
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
  // From here on only the channel keeps this process alive.
  void isReady.then(() => child.unref());
  // Loaded beside the engine's start. It says nothing before it is asked.
  const port = import('../process-port.ts').then(async ({ openProcessPort }) =>
    (await isReady) ? openProcessPort(child) : null,
  );
  return { port, logPath };
}
