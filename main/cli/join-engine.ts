import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchtopError, type EngineApi } from '../../contract/index.ts';
import { announcedAddress, type EngineAddress } from '../../engine/index.ts';
import { engineAhead } from './engine-ahead.ts';
import { startEngine } from './start-engine.ts';

export interface JoinedEngine {
  readonly api: EngineApi;
  /** The window's address, with the token in its fragment, for a path of the window. */
  windowUrl(path: string): string;
  close(): void;
}

const startPatienceMs = 15_000;
/** Where ours has ended at once, another caller has won the home at the same moment, or no engine can start there. */
const otherPatienceMs = 5000;

/**
 * Joins the engine that is running on the home, or starts one that stays while it is needed.
 * @throws {BenchtopError} `cannot-start` where none comes up.
 */
export async function joinEngine(home: string): Promise<JoinedEngine> {
  const homePath = resolve(home);
  let starting = engineAhead(homePath);
  const address = starting === null ? announcedAddress(homePath) : null;
  // It comes up while this process loads what it takes to speak to it.
  if (address === null) starting ??= startEngine(homePath);
  const { connectEngine, connectOver } = await import('./connect-engine.ts');
  // An announcement left by a crash answers nothing.
  const joined = address === null ? null : await connectEngine(address);
  if (address !== null && joined !== null) return { ...joined, windowUrl: windowUrlOf(address) };

  starting ??= startEngine(homePath);
  starting.hold();
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
