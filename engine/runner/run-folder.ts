import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { isMissing } from '../is-missing.ts';
import { grownFileState } from './files/grown-file.ts';

/**
 * The files of one run, `<home>/runs/<id>/`. The engine writes `asked.json`, `spec.json`, `job.sh`, `cancel.json`, `reader.json`,
 * `files.json`, `told.json` and `times.bin`; the supervisor writes `start.json` and `end.json`, over blanks that the engine has
 * put there; the child itself appends to `out.log` and `told.jsonl`. Nobody writes another's file. Of a run whose end is in the store
 * `spec.json`, `start.json` and `end.json` may go to another (spent-records.ts): they say whose they are. With them goes the folder of
 * a run that has finished and printed nothing, so that no folder says the same of it.
 *
 * They are small and were written a moment ago: reading or writing one at once takes a fraction of what it takes to have it done
 * beside.
 */
export interface RunFolder {
  readonly path: string;
  readonly log: string;
  readonly times: string;
  /** What the program tells through the helper module. */
  readonly told: string;
}

export function runFolder(home: string, runId: string): RunFolder {
  if (!/^[0-9a-f]{32}$/.test(runId)) throw new Error(`"${runId}" is not a run id.`);
  const path = join(home, 'runs', runId);
  return { path, log: `${path}/out.log`, times: `${path}/times.bin`, told: `${path}/told.jsonl` };
}

/** Whose record it is; null in those that were never another's. */
const ownRun = z.string().nullable().default(null);

const records = {
  /** What was asked for, written before anything starts. Names of environment variables only, never their values. */
  spec: z.object({
    run: ownRun,
    command: z.array(z.string()),
    workingFolder: z.string(),
    environmentSet: z.array(z.string()),
    timeLimitMs: z.number().nullable(),
    bootId: z.string(),
    /** The kernel's count of processes killed for lack of memory, before the start; null where it is not told. */
    oomKills: z.number().nullable(),
    /** How long the machine had slept since its boot, before the start; an engine that was away tells sleep by it. */
    asleepMs: z.number().nullable().default(null),
    /** Of what it is a part, and declared data, for an engine that takes the run up. */
    group: z.string().nullable().default(null),
    inputs: z.array(z.string()).default([]),
    outputs: z.array(z.string()).default([]),
    /** The supervisor that was given the run. */
    supervisor: z.string().nullable().default(null),
  }),
  /** The whole request of a run that has not begun, for an engine that comes after this one. Gone as soon as it has. */
  asked: z.object({
    command: z.array(z.string()),
    workingFolder: z.string(),
    env: z.record(z.string(), z.string()),
    timeLimitMs: z.number().nullable(),
    gpus: z.number(),
    /** Null: what its earlier runs took. */
    memoryBytes: z.number().nullable().default(null),
    priority: z.enum(['high', 'normal', 'low']),
    slots: z.number().default(0),
    group: z.string().nullable().default(null),
    inputs: z.array(z.string()).default([]),
    outputs: z.array(z.string()).default([]),
  }),
  /**
   * The child's process. Pid and start time together name a process of one boot for good. `uptimeS` counts from the boot,
   * here and in `end`; null where it was not told. Where `at` is not in it, the file's own time is meant.
   */
  start: z.object({
    run: ownRun,
    pid: z.number(),
    startTicks: z.number(),
    bootId: z.string(),
    at: z.number(),
    uptimeS: z.number().nullable().default(null),
    /** All that it starts carries its mark (run-mark.ts). */
    isMarked: z.boolean().default(false),
  }),
  /** `status` as the shell has it: 128 + n after signal n, which `isSignal` tells from an exit with that code. */
  end: z.object({
    run: ownRun,
    status: z.number(),
    isSignal: z.boolean(),
    oomKills: z.number().nullable(),
    at: z.number(),
    uptimeS: z.number().nullable().default(null),
  }),
  /** Why Benchtop ended it, written before the first signal. */
  cancel: z.object({
    reason: z.enum(['user', 'time limit']),
    at: z.number(),
    uptimeS: z.number().nullable().default(null),
  }),
  /** When it was paused, and when it went on; null for a pause that lasts. */
  pauses: z.array(z.object({ from: z.number(), to: z.number().nullable() })),
  /** The GPUs it was given. */
  place: z.object({ gpus: z.array(z.number()) }),
  /** How far the log has been read, and what the parser knew there. */
  reader: z.object({
    offset: z.number(),
    parser: z.unknown(),
    /** The bytes before `offset`, in base64: when they are others, the program has emptied the log. */
    tail: z.string().default(''),
    /** So much was read and is in the log no more. */
    lostBytes: z.number().default(0),
  }),
  told: z.object({ offset: z.number() }),
  /** How far the files of the working folder have been read. */
  files: z.object({
    files: z.record(z.string(), grownFileState),
    /** The file that used a name first. */
    owners: z.record(z.string(), z.string()),
    /** Rows about to be stored: from which number on, and the time they are given. */
    next: z.record(z.string(), z.object({ rows: z.number(), at: z.number() })),
  }),
} as const;
type RecordName = keyof typeof records;
export type RunRecord<Name extends RecordName> = z.infer<(typeof records)[Name]>;

/** Reads a record; null when it is not there, not written yet, another run's, or was cut short by a power failure. */
export function readRecord<Name extends RecordName>(folder: RunFolder, name: Name): RunRecord<Name> | null {
  const path = recordPath(folder, name);
  const isOfEveryRun = name === 'start' || name === 'end';
  // Most of the others are there of few runs, and an error takes longer than a look.
  if (!isOfEveryRun && !existsSync(path)) return null;
  let text: string;
  let modifiedMs: number | undefined;
  try {
    text = readFileSync(path, 'utf8');
    if (text.trim() === '') return null;
    if (isOfEveryRun) modifiedMs = Math.floor(statSync(path).mtimeMs);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return null; // Half a record is no record.
  }
  const timed = modifiedMs === undefined ? content : { at: modifiedMs, ...(content as object) };
  const checked = records[name].safeParse(timed);
  if (!checked.success) return null;
  const { data } = checked;
  const isAnothers = 'run' in data && data.run !== null && data.run !== basename(folder.path);
  return isAnothers ? null : (data as RunRecord<Name>);
}

export const recordPath = (folder: RunFolder, name: RecordName): string => `${folder.path}/${name}.json`;

/** Writes a record so that a reader sees the old one or the new one; with `isDurable` it outlives a power failure too. */
export async function writeRecord<Name extends RecordName>(
  folder: RunFolder,
  name: Name,
  content: RunRecord<Name>,
  isDurable: boolean,
): Promise<void> {
  const path = recordPath(folder, name);
  if (isDurable) await writeDurably(`${path}.new`, JSON.stringify(content));
  else writeFileSync(`${path}.new`, JSON.stringify(content), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  if (isDurable) await syncPath(folder.path);
}

/** Takes a record away; nothing where there is none. */
export function removeRecord(folder: RunFolder, name: RecordName): void {
  try {
    unlinkSync(recordPath(folder, name));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** What earlier runs leave to one that is about to begin. */
export interface Legacy {
  /** Gives it the folder of another, with an empty log and blank records, where there is one; false where there is none. */
  folder(to: RunFolder): boolean;
  /** Puts blank records of another, where there are some, into its folder. */
  records(to: RunFolder): void;
}

/**
 * Makes the folder, the empty log, and records that are still blank. Those that the supervisor writes get their space now, so that
 * a full disk cannot swallow how a run ended.
 */
export function createRunFolder(folder: RunFolder, legacy?: Legacy): void {
  if (legacy?.folder(folder) === true) return;
  makeFolder(folder);
  legacy?.records(folder);
  for (const name of ['start', 'end'] as const) {
    const path = recordPath(folder, name);
    if (!existsSync(path)) writeFileSync(path, blanks, { mode: 0o600 });
  }
  writeFileSync(folder.log, '', { mode: 0o600 });
}

/** True where nothing is in the folder but a log and the records that every run has. */
export function holdsRecordsAlone(folder: RunFolder): boolean {
  try {
    return readdirSync(folder.path).every((name) => usualNames.has(name));
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * True where the shell that supervises has said in the log, before all else, that it could not become the command. It names its script
 * before whatever it says.
 */
export function tellsRefusal(folder: RunFolder): boolean {
  const scripts = join(dirname(folder.path), 'supervise-');
  const said = firstOf(folder.log, Buffer.byteLength(scripts) + 20);
  return said.startsWith(scripts) && /^\d+\.sh: /.test(said.slice(scripts.length));
}

function firstOf(path: string, sizeBytes: number): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(sizeBytes);
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** False where the log is there and empty. */
export const mayHavePrinted = (folder: RunFolder): boolean =>
  statSync(folder.log, { throwIfNoEntry: false })?.size !== 0;

const usualNames: ReadonlySet<string> = new Set(['spec.json', 'start.json', 'end.json', 'out.log']);

const blanks = `${' '.repeat(511)}\n`;

/** Overwrites one that the supervisor has written, none of which is longer than its blanks, without giving up its space. */
export function blankRecord(folder: RunFolder, name: 'start' | 'end'): void {
  writeFileSync(recordPath(folder, name), blanks, { flag: 'r+' });
}

/**
 * Writes what a run is, before anybody knows of it; over the blanks of an earlier run's where they were put there. A file that is emptied
 * and written anew is waited for by the system when it is closed.
 */
export function writeSpec(folder: RunFolder, spec: RunRecord<'spec'>): void {
  const path = recordPath(folder, 'spec');
  const text = JSON.stringify(spec);
  let file: number;
  try {
    file = openSync(path, 'r+');
  } catch (error) {
    if (!isMissing(error)) throw error;
    writeFileSync(path, text, { mode: 0o600 });
    return;
  }
  try {
    writeSync(file, text.padEnd(fstatSync(file).size));
  } finally {
    closeSync(file);
  }
}

export function makeFolder(folder: RunFolder): void {
  mkdirSync(folder.path, { recursive: true, mode: 0o700 });
}

/** Takes away all that was written down of a run that is none. */
export function removeFolder(folder: RunFolder): void {
  rmSync(folder.path, { recursive: true, force: true });
}

/** What the supervisor reads in to begin the run. */
export function writeJob(folder: RunFolder, text: string): void {
  writeFileSync(join(folder.path, 'job.sh'), text, { mode: 0o600 });
}

/** When an engine last read what the run had printed, milliseconds UTC; null when none has. */
export function lastReadAt(folder: RunFolder): number | null {
  return statSync(join(folder.path, 'reader.json'), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncPath(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
