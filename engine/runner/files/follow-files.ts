import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilSpace } from '../../disk-full.ts';
import { isMissing } from '../../is-missing.ts';
import type { Point, Recorder } from '../../tracking/index.ts';
import { readRecord, type RunFolder, type RunRecord, writeRecord } from '../run-folder.ts';
import { type GrownFileState, readGrown, unread } from './grown-file.ts';
import { findMeasureFiles, formatOf } from './measure-files.ts';
import type { Row } from './row.ts';

const lookMs = 1000;
const pointsPerWrite = 5000;

/**
 * Reads the measures that a program writes into files of its working folder, once a second and once more at the end.
 * What is about to be stored is noted first with its time, so that an engine that dies in between stores the very same
 * points again, which the store drops.
 */
export function followFiles(options: {
  runId: string;
  folder: RunFolder;
  workingFolder: string;
  startedAt: number;
  recorder: Pick<Recorder, 'logPoints'>;
  leaving: AbortSignal;
  onError: (error: unknown) => void;
}): { stop: () => Promise<void> } {
  const { runId, folder, workingFolder, startedAt, recorder, leaving, onError } = options;
  const stopping = new AbortController();
  const found = findMeasureFiles(workingFolder);

  async function follow(): Promise<void> {
    let record: RunRecord<'files'> = readRecord(folder, 'files') ?? {
      files: {},
      owners: {},
      next: {},
    };
    let isFirst = Object.keys(record.files).length === 0;
    for (;;) {
      const isLast = stopping.signal.aborted;
      for (const path of newestOf(await found.look())) {
        const before = record;
        // After a failure the times that were noted on disk count, so that what was stored is not stored twice.
        const noted = async (failures: number) =>
          failures === 0 ? before : (readRecord(folder, 'files') ?? before);
        const isNew = isFirst;
        record = await untilSpace(async (failures) => readOne(await noted(failures), path, isNew), leaving);
      }
      isFirst = false;
      if (isLast) return;
      await sleep(lookMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  async function readOne(
    record: RunRecord<'files'>,
    path: string,
    isFirst: boolean,
  ): Promise<RunRecord<'files'>> {
    const format = formatOf(path);
    if (format === null) return record;
    const file = logicalPath(path);
    const before = record.files[file] ?? unread;
    let grown;
    try {
      const isOld = isFirst && (await lstat(join(workingFolder, path))).mtimeMs < startedAt;
      grown = await readGrown(join(workingFolder, path), format, before);
      if (grown === null) return record;
      // What earlier runs have written is not this run's.
      if (isOld) return await keep({ ...record, files: { ...record.files, [file]: asOld(grown.after) } });
    } catch (error) {
      if (isMissing(error)) return record;
      throw error;
    }
    const { rows, after } = grown;
    const files = { ...record.files, [file]: after };
    if (rows.length === 0) return keep({ ...record, files });
    const at = record.next[file]?.rows === before.rows ? record.next[file].at : Math.round(grown.changedAt);
    const owners = ownersOf(record.owners, file, rows);
    await keep({ ...record, owners, next: { ...record.next, [file]: { rows: before.rows, at } } });
    const points = rows.flatMap((row) =>
      pointsOf(row, at, (key, tellsSplit) => nameOf(owners, file, key, tellsSplit)),
    );
    for (let from = 0; from < points.length; from += pointsPerWrite)
      await recorder.logPoints(runId, points.slice(from, from + pointsPerWrite), { origin: 'file' });
    return keep({ files, owners, next: record.next });
  }

  async function keep(record: RunRecord<'files'>): Promise<RunRecord<'files'>> {
    await writeRecord(folder, 'files', record, false);
    return record;
  }

  const done = follow().catch(onError);
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

const checkpoint = /(^|\/)checkpoint-(\d+)\//;

/** The state in each checkpoint continues that of the one before it: they are one history. */
const logicalPath = (path: string) => path.replace(checkpoint, '$1');

/** Of the files of one history only the newest. */
function newestOf(paths: readonly string[]): string[] {
  const newest = new Map<string, string>();
  const stepOf = (path: string) => Number(checkpoint.exec(path)?.[2] ?? 0);
  for (const path of paths) {
    const known = newest.get(logicalPath(path));
    if (known === undefined || stepOf(path) > stepOf(known)) newest.set(logicalPath(path), path);
  }
  return [...newest.values()];
}

const asOld = (state: GrownFileState): GrownFileState => ({ ...state, oldRows: state.rows });

/** Which file a name belongs to: the first that used it. */
function ownersOf(
  owners: Readonly<Record<string, string>>,
  file: string,
  rows: readonly Row[],
): Record<string, string> {
  const grown = new Map(Object.entries(owners));
  for (const { values } of rows) for (const [key] of values) if (!grown.has(key)) grown.set(key, file);
  return Object.fromEntries(grown);
}

const splits = /^(train|training|val|valid|validation|test|eval)(?=\/|$)/i;

/** The name of a measure: with its folder's before it, where that tells the split or another file has the same name. */
function nameOf(
  owners: Readonly<Record<string, string>>,
  file: string,
  key: string,
  /** The row itself tells splits apart: then its folder (YOLO's `runs/detect/train`) does not. */
  tellsSplit: boolean,
): string {
  const parent = basename(dirname(file));
  if ((splits.test(parent) && !tellsSplit) || (owners[key] !== file && parent !== '.'))
    return `${parent}/${key}`;
  return owners[key] === file ? key : `${basename(file)}/${key}`;
}

function pointsOf(row: Row, at: number, name: (key: string, tellsSplit: boolean) => string): Point[] {
  const tellsSplit = row.values.some(([key]) => key.includes('/') && splits.test(key));
  return row.values.map(([key, value]) => ({
    key: name(key, tellsSplit),
    step: row.step,
    timeMs: row.timeMs ?? at,
    value,
  }));
}
