import type Database from 'better-sqlite3';
import { isDiskFull } from '../disk-full.ts';

/** So many pages in the log are worth moving. Those that change with every commit are moved once for many of them. */
const pagesAtOnce = 4000;
/** The log is looked at after so many commits. */
const commitsBetween = 32;

/**
 * Has the log moved into the database beside everything else: it takes tens of milliseconds, in which its own connection would commit nothing.
 * The log begins anew once all of it is there. What is committed meanwhile is left for the next time, so without a pause it grows on
 * until SQLite itself moves the little that is left (`logPagesAtMost`).
 * @param move moves what the log holds, on another thread.
 * @param onFailed hears of a move that failed for another reason than a full disk, the first time.
 * @returns to be called after every commit.
 */
export function createCheckpoints(
  db: Database.Database,
  move: () => Promise<unknown>,
  onFailed: (error: unknown) => void,
): () => void {
  // Pages of the log, and those of them that are in the database by now; moves none.
  const look = db.prepare('PRAGMA wal_checkpoint(NOOP)');
  let commits = 0;
  let isMoving = false;
  let isTold = false;
  // What could not be moved stays in the log, where it is as safe; it is tried again.
  async function moveAll(): Promise<void> {
    isMoving = true;
    try {
      await move();
      isTold = false;
    } catch (error) {
      if (isDiskFull(error)) return;
      if (!isTold) onFailed(error);
      isTold = true;
    } finally {
      isMoving = false;
    }
  }
  return () => {
    if (++commits % commitsBetween !== 0 || isMoving) return;
    const { log, checkpointed } = look.get() as { log: number; checkpointed: number };
    if (log - checkpointed >= pagesAtOnce) void moveAll();
  };
}
