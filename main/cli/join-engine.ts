import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BenchtopError, type EngineApi } from '../../contract/index.ts';
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
  const { connectEngine } = await import('./connect-engine.ts');
  // An announcement left by a crash answers nothing.
  const joined = address === null ? null : await connectEngine(address);
  if (address !== null && joined !== null) return { ...joined, windowUrl: windowUrlOf(address) };

  starting ??= startEngine(homePath);
  // The engine keeps this process alive meanwhile, and nothing else needs to.
  const patience = sleep(startPatienceMs, false, { ref: false });
  const isReady = await Promise.race([starting.ready, patience]);
  const until = Date.now() + (isReady ? startPatienceMs : otherPatienceMs);
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

/** `ready`: true when the engine has told that it listens, false when it has ended before. */
function startEngine(homePath: string): { ready: Promise<boolean>; logPath: string } {
  mkdirSync(homePath, { recursive: true, mode: 0o700 });
  const logPath = join(homePath, 'serve.log');
  const log = openSync(logPath, 'a', 0o600);
  const entry = fileURLToPath(new URL('./benchtop.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [entry, 'serve', '--home', homePath, '--exit-when-idle', String(idleSeconds)],
    { detached: true, stdio: ['ignore', log, log, 'ipc'] },
  );
  const ready = new Promise<boolean>((resolve) => {
    child.once('message', () => resolve(true));
    for (const event of ['exit', 'error']) child.once(event, () => resolve(false));
  });
  void ready.then(() => {
    if (child.connected) child.disconnect();
    child.unref();
  });
  return { ready, logPath };
}
