import { closeSync, openSync, readdirSync, readSync } from 'node:fs';

/** A process of this boot. A pid alone may be reused; with the start time (clock ticks since boot) it may not. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: number;
}

export interface ProcessEntry extends ProcessIdentity {
  readonly parentPid: number;
  readonly groupId: number;
  readonly isZombie: boolean;
}

/** Reads /proc/<pid>/stat (proc(5)); null when there is no such process. */
export function processEntry(pid: number): ProcessEntry | null {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may hold anything, also spaces and parentheses: what follows the last one is regular.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    parentPid: Number(fields[1]),
    groupId: Number(fields[2]),
    startTicks: Number(fields[19]),
    isZombie: fields[0] === 'Z' || fields[0] === 'X',
  };
}

/** True while this very process, not another with its pid, is running (a zombie is not). */
export function isRunning(identity: ProcessIdentity): boolean {
  const entry = processEntry(identity.pid);
  return entry !== null && entry.startTicks === identity.startTicks && !entry.isZombie;
}

/** Every process one may see, zombies left out. */
export function allProcesses(): ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const entry = processEntry(pid);
    if (entry !== null && !entry.isZombie) entries.push(entry);
  }
  return entries;
}

let knownBoot: string | undefined;
/** Differs after every start of the machine. */
export function bootId(): string {
  return (knownBoot ??= (readProc('/proc/sys/kernel/random/boot_id') ?? '').trim());
}

/** When this machine was started, milliseconds UTC; null where the kernel does not tell. */
export function bootedAt(): number | null {
  const seconds = /^btime (\d+)$/m.exec(readProc('/proc/stat') ?? '')?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

/** Seconds since this machine was started; a clock that is set does not change it. Null where the kernel does not tell. */
export function uptimeS(): number | null {
  return toldNumber('/proc/uptime', /^([\d.]+) /);
}

/** For each that asks, the kernel adds up what every processor has counted of everything: runs that begin one right after the other share it. */
const countKeptMs = 20;
let counted: { at: number; kills: number | null } = { at: -Infinity, kills: null };
/**
 * How many processes the kernel has killed for lack of memory since boot, as it was at most 20 ms ago; null where it does not tell.
 */
export function oomKillCount(): number | null {
  const at = performance.now();
  if (at - counted.at > countKeptMs)
    counted = { at, kills: toldNumber('/proc/vmstat', /\noom_kill (\d+)\n/) };
  return counted.kills;
}

/** The pid that was given out last; null where the kernel does not tell. */
export function lastPid(): number | null {
  return toldNumber('/proc/loadavg', / (\d+)\n$/);
}

const standing = new Map<string, number>();

/**
 * A number out of a file of /proc that is there as long as the machine runs; null where it does not tell. The file stays open, and is
 * read no further than to the number: to open it takes several times as long, and with each read the kernel writes all of it anew.
 */
function toldNumber(path: string, pattern: RegExp): number | null {
  return unlessHidden(() => {
    const file = standing.get(path) ?? openSync(path, 'r');
    standing.set(path, file);
    let text = '';
    for (const part of partsOf(file)) {
      const number = pattern.exec((text += part))?.[1];
      if (number !== undefined) return Number(number);
    }
    return null;
  });
}

/**
 * A file of /proc; null when the process is gone or hidden from us.
 * @param enough what is behind it is left out; with each read the kernel may write all of it anew.
 */
export function readProc(path: string, enough?: RegExp): string | null {
  return unlessHidden(() => {
    const file = openSync(path, 'r');
    try {
      let text = '';
      for (const part of partsOf(file)) {
        text += part;
        if (enough?.test(text) === true) break;
      }
      return text;
    } finally {
      closeSync(file);
    }
  });
}

const chunk = Buffer.allocUnsafe(16 * 1024);

/** The text from its beginning, as the kernel hands it out: such files have no size before they are read. */
function* partsOf(file: number): Generator<string> {
  for (let at = 0; ;) {
    const bytesRead = readSync(file, chunk, 0, chunk.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield chunk.toString('latin1', 0, bytesRead);
  }
}

function unlessHidden<Told>(read: () => Told): Told | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && goneOrHidden.has(error.code)) return null;
    throw error;
  }
}

const goneOrHidden: ReadonlySet<unknown> = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM']);
