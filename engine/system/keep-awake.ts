import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const lookEveryMs = 10_000;

/**
 * Keeps the machine awake while something runs, and not at the cost of the battery, by what the host offers for it.
 *
 * @param hold begins to keep it awake; what it answers ends that
 */
export function createKeepAwake(options: {
  /** Runs that are at work; paused ones are not. */
  runningCount: () => number;
  isOnMains: () => boolean;
  hold: () => () => void;
}): { close(): void } {
  const { runningCount, isOnMains, hold } = options;
  let release: (() => void) | null = null;
  const look = () => {
    const isWanted = runningCount() > 0 && isOnMains();
    if (isWanted && release === null) release = hold();
    else if (!isWanted && release !== null) {
      release();
      release = null;
    }
  };
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  return {
    close() {
      clearInterval(timer);
      release?.();
    },
  };
}

/** False on a laptop that runs on its battery. A machine that tells of no power supply has no battery either. */
export function isOnMains(folder = '/sys/class/power_supply'): boolean {
  const supplies = namesIn(folder).map((name) => ({
    type: textOf(join(folder, name, 'type')),
    isOnline: textOf(join(folder, name, 'online')) === '1',
    status: textOf(join(folder, name, 'status')),
  }));
  const mains = supplies.filter(({ type }) => type === 'Mains' || type.startsWith('USB'));
  if (mains.length > 0) return mains.some(({ isOnline }) => isOnline);
  return !supplies.some(({ type, status }) => type === 'Battery' && status === 'Discharging');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // no such folder: not Linux, or a machine without any
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return ''; // a supply that does not tell
  }
}
