import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isPassedOver } from '../new-files.ts';
import { csvLog } from './csv-log.ts';
import { eventFile } from './event-file.ts';
import { jsonLinesLog } from './json-lines-log.ts';
import type { FileFormat } from './row.ts';
import { trainerStateFile } from './trainer-state.ts';

const maxFolders = 5000;
const maxFiles = 500;

/** The format that a file of this name may have; null for names that never hold measures. */
export function formatOf(path: string): FileFormat | null {
  const name = basename(path);
  if (name === 'trainer_state.json') return trainerStateFile;
  if (name.startsWith('events.out.tfevents.')) return eventFile;
  if (/\.(csv|tsv)$/i.test(name)) return csvLog;
  if (/\.(jsonl|ndjson)$/i.test(name) || name === 'scalars.json') return jsonLinesLog;
  return null;
}

/** Finds files that may hold measures below a folder; asked again and again, it lists only folders that changed. */
export interface MeasureFiles {
  /** Paths relative to the folder, with forward slashes, in order; those found before stay. */
  look(): Promise<readonly string[]>;
}

export function findMeasureFiles(folder: string): MeasureFiles {
  /** By relative path: when a folder was changed last. */
  const folders = new Map<string, number>([['', -1]]);
  const files = new Set<string>();

  async function list(relative: string): Promise<void> {
    const entries = await entriesOf(join(folder, relative));
    if (entries.some((entry) => entry.name === 'pyvenv.cfg' || entry.name === 'conda-meta')) return;
    for (const entry of entries) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (isPassedOver(entry.name)) continue;
      if (entry.isDirectory() && folders.size < maxFolders && !folders.has(path)) folders.set(path, -1);
      if (entry.isFile() && files.size < maxFiles && formatOf(path) !== null) files.add(path);
    }
  }

  return {
    async look() {
      // Grows while it is walked: folders found in a folder are looked into in the same round.
      for (const [relative, known] of folders) {
        const status = await lstat(join(folder, relative)).catch(() => null); // gone: nothing to look for
        if (status === null) folders.delete(relative);
        else if (status.mtimeMs !== known) {
          folders.set(relative, status.mtimeMs);
          await list(relative);
        }
      }
      return [...files].toSorted();
    },
  };
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch {
    return []; // gone, or not for us to read
  }
}
