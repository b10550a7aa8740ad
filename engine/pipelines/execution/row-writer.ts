import type Database from 'better-sqlite3';
import { untilSpace } from '../../disk-full.ts';
import type { Store } from '../../store/index.ts';
import { type StageRow, updateStages } from './execution-rows.ts';

/** Writes rows of an execution as they stand, those that change within a moment together. */
export interface RowWriter {
  /** Writes the row in somebody's commit; `written` is to be called when that can be read. */
  saveWith(at: number): { together: (db: Database.Database) => void; written: () => void };
  /** Writes the row soon: for what an engine that comes after this one would find out by itself. */
  saveSoon(at: number): void;
  /** Writes what is left, and resolves when all rows can be read. */
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
  let last = Promise.resolve();
  let soon: NodeJS.Timeout | undefined;

  async function write(): Promise<void> {
    const copies = [...changed].map((at) => [at, { ...(rows[at] as StageRow) }] as const);
    changed.clear();
    try {
      await store.writeSoon('pipelines.stages', (db) => updateStages(db, executionId, copies));
    } catch (error) {
      for (const [at] of copies) changed.add(at);
      throw error;
    }
    options.onWritten(copies.map(([, row]) => row));
  }

  function begin(): Promise<void> {
    clearTimeout(soon);
    soon = undefined;
    last = untilSpace(write, leaving);
    last.catch((error: unknown) => {
      if (!leaving.aborted) options.onUnexpected(error);
    });
    return last;
  }

  return {
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
