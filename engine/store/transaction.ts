import type Database from 'better-sqlite3';

/** The one transaction in which a store is written to. */
export interface Transaction {
  isOpen(): boolean;
  /**
   * Opens it, where it is not open.
   * @param isSynced whether its commit waits for the disk; one that does not is on disk as soon as a later one is that does.
   */
  begin(isSynced: boolean): void;
  /** Whether the last one was synced by its commit. */
  wasSynced(): boolean;
  /** @throws what the disk said. */
  commit(): void;
  /** Undoes all of it, where the disk has not done so already. */
  rollback(): void;
  /**
   * Undoes what the work did when it throws, and nothing else. SQLite copies each page for it that is changed once more.
   * @throws what the work did.
   */
  apart<T>(work: () => T): T;
}

export function createTransaction(db: Database.Database, onCommit: () => void): Transaction {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const savepoint = db.prepare('SAVEPOINT apart');
  const release = db.prepare('RELEASE apart');
  const undo = db.prepare('ROLLBACK TO apart');
  let isSynced: boolean | null = null;
  return {
    isOpen: () => db.inTransaction,
    begin(isNeeded) {
      if (db.inTransaction) return;
      // Whether a commit is synced is settled when its transaction begins.
      if (isNeeded !== isSynced) db.pragma(`synchronous = ${isNeeded ? 'FULL' : 'NORMAL'}`);
      isSynced = isNeeded;
      begin.run();
    },
    wasSynced: () => isSynced === true,
    commit() {
      commit.run();
      onCommit();
    },
    rollback() {
      if (db.inTransaction) rollback.run();
    },
    apart(work) {
      savepoint.run();
      try {
        const value = work();
        release.run();
        return value;
      } catch (error) {
        // A full disk rolls the whole transaction back by itself; then there is no savepoint to return to.
        if (db.inTransaction) {
          undo.run();
          release.run();
        }
        throw error;
      }
    },
  };
}
