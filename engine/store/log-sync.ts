import type Database from 'better-sqlite3';
import { closeSync, fdatasync, openSync } from 'node:fs';

/** Somebody who waits until what is committed is on disk. */
export interface Waiting {
  resolve(): void;
  reject(error: unknown): void;
}

/** Brings the write-ahead log to disk, as SQLite itself does with `synchronous = FULL`, but in a thread of its own. */
export interface LogSync {
  /** Somebody waits for what is committed by now. */
  owe(waiting: Waiting): void;
  /** Somebody is told when what is committed by now is on disk, for whose sake ever. */
  join(waiting: Waiting): void;
  /** Goes for all who wait, unless it is under way: then they are next, all of them together. False where nothing was begun. */
  begin(): boolean;
  /** All that is committed is on disk by another way. */
  tellJoined(): void;
  isSyncing(): boolean;
  /** Nothing will be committed any more. */
  close(): void;
}

/** @param onDone told after each time that the disk was waited for. */
export function createLogSync(db: Database.Database, onDone: () => void): LogSync {
  let log: number | null = null;
  let isSyncing = false;
  let waiting: Waiting[] = [];
  let joined: Waiting[] = [];

  function begin(): boolean {
    if (isSyncing || waiting.length === 0) return false;
    isSyncing = true;
    const served = [...waiting, ...joined];
    waiting = [];
    joined = [];
    const settle = (error: unknown) => {
      isSyncing = false;
      for (const { resolve, reject } of served) {
        if (error === null) resolve();
        else reject(error);
      }
      onDone();
    };
    try {
      log ??= openSync(`${db.name}-wal`, 'r+');
      fdatasync(log, settle);
    } catch (error) {
      settle(error);
    }
    return true;
  }

  return {
    owe(one) {
      waiting.push(one);
    },
    join(one) {
      joined.push(one);
    },
    begin,
    tellJoined() {
      for (const { resolve } of joined.splice(0)) resolve();
    },
    isSyncing: () => isSyncing,
    close() {
      if (log !== null) closeSync(log);
      log = null;
    },
  };
}
