import Database from 'better-sqlite3';
import { closeSync, fdatasync, openSync } from 'node:fs';
import { BenchtopError } from '../../contract/index.ts';

/** Work in one transaction commits together with its neighbours after at most this many pieces … */
const maxJobsPerCommit = 2000;
/** … or this long, so that a flood cannot keep the first caller waiting. */
const maxCommitMs = 20;
/** What nobody waits for is on disk so long after its commit at the latest. */
const owedAtMostMs = 25;

/**
 * The one way to change the store. Work that arrives in the same turn of the event loop commits together (group commit):
 * the promise resolves after the commit has been synced to disk. Work that throws leaves no trace and rejects alone.
 */
export interface Writer {
  /**
   * The disk is waited for beside everything else: whoever reads meanwhile sees what is about to be acknowledged.
   * @param name shown in the log when the work is slow.
   */
  write<T>(name: string, work: (db: Database.Database) => T): Promise<T>;
  /**
   * As `write`, but resolves as soon as everybody can read it: it is on disk together with what is written next, or a moment later. For
   * what an engine after a loss of power would do or find out anew, while nobody outside was told that it is done (`durable`).
   */
  writeSoon<T>(name: string, work: (db: Database.Database) => T): Promise<T>;
  /** Resolves when all that anybody can read by now is on disk. */
  durable(): Promise<void>;
  /**
   * As `write`, for work that does not look at what is deferred and may go before it. Nothing else goes on while the disk is
   * waited for, which is the quickest for the one who asks.
   * @param committed hears of the result as soon as it is on disk, before anything else happens in the store.
   */
  append<T>(name: string, work: (db: Database.Database) => T, committed: (value: T) => void): Promise<T>;
  /** As `append`, for work that only moves what is on disk already: a loss of power may undo it, and it is not synced. */
  tidy<T>(name: string, work: (db: Database.Database) => T, committed: (value: T) => void): Promise<T>;
  /** Sees to it that reads and writes find what is deferred in its place. One room may defer. */
  defer(deferred: Deferred): void;
  /** True when something is deferred. */
  isPending(): boolean;
  /** Puts what is deferred into its place now. */
  settle(): void;
  /** Resolves when everything accepted so far has settled. */
  idle(): Promise<void>;
  /** Nothing will be written any more. */
  close(): void;
}

/** Changes that are on disk, but are put into their final place later, many together. */
export interface Deferred {
  isPending(): boolean;
  /** Does all of it in the open transaction, which may not be synced. Returns what is to be called after the commit. */
  settle(db: Database.Database): () => void;
  /** Work was undone: whatever was remembered of it may be untrue. */
  undone(): void;
  /** Nothing more will be taken. */
  close(): void;
}

interface Job {
  readonly name: string;
  readonly kind: 'write' | 'soon' | 'append' | 'tidy';
  readonly work: (db: Database.Database) => unknown;
  committed(value: unknown): void;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Done {
  readonly job: Job;
  readonly value: unknown;
}

interface Waiting {
  resolve(): void;
  reject(error: unknown): void;
}

const nothing = () => undefined;

export function createWriter(
  db: Database.Database,
  onSlow: (name: string, elapsedMs: number) => void,
  slowMs = 40,
): Writer {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const savepoint = db.prepare('SAVEPOINT job');
  const release = db.prepare('RELEASE job');
  const undo = db.prepare('ROLLBACK TO job');
  let deferred: Deferred | null = null;
  let queue: Job[] = [];
  let scheduled = false;
  const idleWaiters: (() => void)[] = [];

  let isSynced: boolean | null = null;
  /** Whether the next commit waits for the disk. One that does not is on disk as soon as a later one is that does. */
  function sync(isNeeded: boolean): void {
    if (isNeeded === isSynced) return;
    db.pragma(`synchronous = ${isNeeded ? 'FULL' : 'NORMAL'}`);
    isSynced = isNeeded;
  }

  const isPending = () => deferred?.isPending() === true;

  let log: number | null = null;
  let isSyncing = false;
  /** Who waits for the disk, for what is committed. */
  let unsynced: Waiting[] = [];
  /** Set while something is committed that nobody waits for. */
  let owed: NodeJS.Timeout | undefined;

  /**
   * Syncs the write-ahead log, as SQLite itself does with `synchronous = FULL`, but in a thread of its own. What is committed
   * meanwhile waits for the next time, all of it together. False where nothing was begun.
   */
  function syncBeside(): boolean {
    if (isSyncing || unsynced.length === 0) return false;
    isSyncing = true;
    const waiting = unsynced;
    unsynced = [];
    clearOwed();
    const settle = (error: unknown) => {
      isSyncing = false;
      for (const { resolve, reject } of waiting) {
        if (error === null) resolve();
        else reject(error);
      }
      syncBeside();
      schedule();
      tellIdle();
    };
    try {
      log ??= openSync(`${db.name}-wal`, 'r+');
      fdatasync(log, settle);
    } catch (error) {
      settle(error);
    }
    return true;
  }

  /**
   * While the disk is waited for, writes gather: a commit of their own would not be on disk any sooner, since it has to wait for the
   * next sync in any case. What is appended is committed at once, and all that waits with it.
   */
  function schedule(): void {
    if (scheduled || queue.length === 0) return;
    if (isSyncing && queue.every(({ kind }) => kind === 'write')) return;
    scheduled = true;
    setImmediate(flush);
  }

  function clearOwed(): void {
    clearTimeout(owed);
    owed = undefined;
  }

  function syncOwed(): void {
    unsynced.push({ resolve: nothing, reject: nothing });
    syncBeside();
  }

  const isAtWork = () => scheduled || isSyncing || queue.length > 0 || owed !== undefined;

  function tellIdle(): void {
    if (isAtWork()) return;
    for (const resolve of idleWaiters.splice(0)) resolve();
  }

  function flush(): void {
    const done: Done[] = [];
    const failed: { job: Job; error: unknown }[] = [];
    const startedAt = performance.now();
    let settled = nothing as () => void;
    let hasSettled = false;
    let hasAppended = false;
    let taken = 0;
    try {
      sync(queue.some(({ kind }) => kind === 'append'));
      begin.run();
      for (const job of queue) {
        if (taken >= maxJobsPerCommit || performance.now() - startedAt > maxCommitMs) break;
        // What was appended just now is known to be pending only after its commit.
        const looksAtAll = job.kind === 'write' || job.kind === 'soon';
        if (looksAtAll && hasAppended) break;
        taken++;
        if (!looksAtAll) hasAppended = true;
        else if (!hasSettled) {
          hasSettled = true;
          if (isPending()) settled = deferred?.settle(db) ?? nothing;
        }
        attempt(job, done, failed);
      }
      commit.run();
      settled();
      for (const { job, value } of done) job.committed(value);
    } catch (error) {
      if (db.inTransaction) rollback.run();
      deferred?.undone();
      const reason = storeError(error);
      taken = Math.max(taken, 1);
      for (const job of queue.slice(0, taken))
        if (!failed.some((entry) => entry.job === job)) failed.push({ job, error: reason });
      done.length = 0;
    }
    queue = queue.slice(taken);
    const isOnDisk = isSynced === true;
    for (const { job, value } of done)
      if (isOnDisk || job.kind === 'tidy' || job.kind === 'soon') job.resolve(value);
      else unsynced.push({ resolve: () => job.resolve(value), reject: job.reject });
    if (isOnDisk) clearOwed();
    else if (!syncBeside() && done.some(({ job }) => job.kind === 'soon'))
      owed ??= setTimeout(syncOwed, owedAtMostMs);
    for (const { job, error } of failed) job.reject(error);
    if (queue.length > 0) setImmediate(flush);
    else {
      scheduled = false;
      tellIdle();
    }
  }

  function attempt(job: Job, done: Done[], failed: { job: Job; error: unknown }[]): void {
    const startedAt = performance.now();
    savepoint.run();
    try {
      const value = job.work(db);
      release.run();
      done.push({ job, value });
    } catch (error) {
      // A full disk rolls the whole transaction back by itself; then there is no savepoint to return to.
      if (!db.inTransaction) throw error;
      undo.run();
      release.run();
      deferred?.undone();
      failed.push({ job, error: storeError(error) });
    }
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs > slowMs) onSlow(job.name, elapsedMs);
  }

  function add<T>(
    name: string,
    kind: Job['kind'],
    work: (db: Database.Database) => T,
    committed: (value: T) => void,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      queue.push({
        name,
        kind,
        work,
        committed: (value) => committed(value as T),
        resolve: (value) => resolve(value as T),
        reject,
      });
      schedule();
    });
  }

  return {
    write: (name, work) => add(name, 'write', work, nothing),
    writeSoon: (name, work) => add(name, 'soon', work, nothing),
    durable() {
      if (owed === undefined && !isSyncing) return Promise.resolve();
      return new Promise((resolve, reject) => {
        unsynced.push({ resolve, reject });
        syncBeside();
      });
    },
    append: (name, work, committed) => add(name, 'append', work, committed),
    tidy: (name, work, committed) => add(name, 'tidy', work, committed),
    defer(taken) {
      deferred = taken;
    },
    isPending,
    settle() {
      if (deferred === null || !isPending() || db.inTransaction) return;
      try {
        sync(false);
        begin.run();
        const settled = deferred.settle(db);
        commit.run();
        settled();
      } catch (error) {
        if (db.inTransaction) rollback.run();
        deferred.undone();
        throw storeError(error);
      }
    },
    idle() {
      if (owed !== undefined) syncOwed();
      return isAtWork() ? new Promise((resolve) => idleWaiters.push(resolve)) : Promise.resolve();
    },
    close() {
      if (log !== null) closeSync(log);
      log = null;
    },
  };
}

/** Turns what SQLite reports about the disk into the error a person can act on; everything else passes unchanged. */
export function storeError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (error.code === 'SQLITE_FULL') {
    return new BenchtopError(
      {
        code: 'disk-full',
        what: 'The disk is full; this was not recorded.',
        evidence: error.message,
        next: 'Free some space; recording goes on by itself.',
      },
      { cause: error },
    );
  }
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB') {
    return new BenchtopError(
      {
        code: 'store-damaged',
        what: 'The store is damaged.',
        evidence: error.message,
        next: 'Close Benchtop and restore the newest file of backups/ in its home.',
      },
      { cause: error },
    );
  }
  return error;
}
