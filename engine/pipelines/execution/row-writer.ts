import type Database from 'better-sqlite3';
import { untilSpace } from '../../disk-full.ts';
import type { Store } from '../../store/index.ts';
import { type StageRow, updateStages } from './execution-rows.ts';

/** Writes rows of an execution as they stand. Those that change in the same turn are written together. */
export interface RowWriter {
  /** Resolves when the row is on disk. */
  save(at: number): Promise<void>;
  /** Writes the row in somebody's commit; `written` is to be called when that can be read. */
  saveWith(at: number): { together: (db: Database.Database) => void; written: () => void };
  /** Writes the row with the next that is saved, or soon: for what an engine that comes after this one would find out by itself. */
  saveSoon(at: number): void;
  /** Writes what is left, and resolves when all rows are on disk. */
  settled(): Promise<void>;
}

/** Stages may settle faster than a disk takes one after the other; nobody looks at them as often. */
const soonMs = 25;

export function createRowWriter(options: {
  store: Store;
  executionId: string;
  rows: readonly StageRow[];
  /** While the disk is full it is tried again, until the engine leaves. */
  leaving: AbortSignal;
  /** Told of rows as they can be read. */
  onWritten(rows: readonly StageRow[]): void;
  onUnexpected(error: unknown): void;
}): RowWriter {
  const { store, executionId, rows, leaving } = options;
  const changed = new Set<number>();
  let writing: Promise<void> | null = null;
  let last = Promise.resolve();
  let soon: NodeJS.Timeout | undefined;

  async function write(): Promise<void> {
    let taken: number[] = [];
    try {
      const written = await store.write('pipelines.stages', (db) => {
        writing = null;
        clearTimeout(soon);
        soon = undefined;
        taken = [...changed];
        changed.clear();
        const copies = taken.map((at) => [at, { ...(rows[at] as StageRow) }] as const);
        updateStages(db, executionId, copies);
        return copies.map(([, row]) => row);
      });
      options.onWritten(written);
    } catch (error) {
      for (const at of taken) changed.add(at);
      throw error;
    }
  }

  function begin(): Promise<void> {
    if (writing === null) {
      last = writing = untilSpace(write, leaving);
      writing.catch((error: unknown) => {
        if (!leaving.aborted) options.onUnexpected(error);
      });
    }
    return writing;
  }

  return {
    save(at) {
      changed.add(at);
      return begin();
    },
    saveWith(at) {
      const row = { ...(rows[at] as StageRow) };
      return {
        together: (db) => updateStages(db, executionId, [[at, row]]),
        written: () => options.onWritten([row]),
      };
    },
    saveSoon(at) {
      changed.add(at);
      soon ??= setTimeout(() => {
        if (!leaving.aborted) void begin();
      }, soonMs);
    },
    settled: () => (changed.size > 0 ? begin() : last),
  };
}
