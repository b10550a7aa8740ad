import { untilSpace } from '../../disk-full.ts';
import type { Store } from '../../store/index.ts';
import { type StageRow, updateStages } from './execution-rows.ts';

/** Writes rows of an execution as they stand. Those that change in the same turn are written together. */
export interface RowWriter {
  /** Resolves when the row is on disk. */
  save(at: number): Promise<void>;
  /** Resolves when all rows are. */
  settled(): Promise<void>;
}

export function createRowWriter(options: {
  store: Store;
  executionId: string;
  rows: readonly StageRow[];
  /** While the disk is full it is tried again, until the engine leaves. */
  leaving: AbortSignal;
  /** Told of rows as they are on disk. */
  onWritten(rows: readonly StageRow[]): void;
  onUnexpected(error: unknown): void;
}): RowWriter {
  const { store, executionId, rows, leaving } = options;
  const changed = new Set<number>();
  let writing: Promise<void> | null = null;
  let last = Promise.resolve();

  async function write(): Promise<void> {
    let taken: number[] = [];
    try {
      const written = await store.write('pipelines.stages', (db) => {
        writing = null;
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

  return {
    save(at) {
      changed.add(at);
      if (writing === null) {
        last = writing = untilSpace(write, leaving);
        writing.catch((error: unknown) => {
          if (!leaving.aborted) options.onUnexpected(error);
        });
      }
      return writing;
    },
    settled: () => last,
  };
}
