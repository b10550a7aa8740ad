import type Database from 'better-sqlite3';
import { createLogSync } from './log-sync.ts';
import { storeError } from './store-error.ts';
import { createTransaction } from './transaction.ts';

/** Work in one transaction commits together with its neighbours after at most this many pieces … */
const maxJobsPerCommit = 2000;
/** … or this long, so that a flood cannot keep the first caller waiting. */
const maxCommitMs = 20;
/** What nobody waits for is committed and on disk so much later at the latest. */
const owedAtMostMs = 25;
/** What could not be committed is tried again this often, unless something else is written before. */
const againMs = 1000;

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
  /** As `write`, but resolves as soon as it outlives this process: it is on disk together with what is written next, or a moment later. */
  writeCommitted<T>(name: string, work: (db: Database.Database) => T): Promise<T>;
  /**
   * As `write`, but resolves as soon as it can be read here: it is committed and on disk together with what is written next, or a
   * moment later. For what an engine after this one would do or find out anew, while nobody outside was told that it is done
   * (`durable`). Where the disk was too full to commit it, or work behind it failed, it is done once more; what fails then, `onUnexpected`
   * hears of.
   */
  writeSoon<T>(name: string, work: (db: Database.Database) => T): Promise<T>;
  /** Resolves when all that anybody can read by now is on disk. */
  durable(): Promise<void>;
  /** As `durable`, for who only wants to hear of it: nobody hurries. */
  durableSoon(): Promise<void>;
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
  /** Commits what can be read here now: readers on other connections find it. */
  publish(): void;
  /** Resolves when everything accepted so far has settled, before `close`: what cannot be committed now is given up. */
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
  readonly kind: 'write' | 'committed' | 'soon' | 'append' | 'tidy';
  readonly work: (db: Database.Database) => unknown;
  committed(value: unknown): void;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** Set when somebody goes on as if it were committed: it must not be lost. */
  isTold?: true;
}

interface Done {
  readonly job: Job;
  readonly value: unknown;
}

const nothing = () => undefined;

export function createWriter(
  db: Database.Database,
  onSlow: (name: string, elapsedMs: number) => void,
  onUnexpected: (error: unknown, where: string) => void,
  onCommit: () => void = nothing,
  slowMs = 40,
): Writer {
  const transaction = createTransaction(db, onCommit);
  let deferred: Deferred | null = null;
  let queue: Job[] = [];
  let scheduled = false;
  const idleWaiters: (() => void)[] = [];
  /** Done in the transaction that is open, and told. Where none is, there are none. */
  let held: Job[] = [];
  /** True while somebody's work is done: what it asks the store for must leave the transaction alone. */
  let isAtJob = false;
  let isLeaving = false;
  let again: NodeJS.Timeout | undefined;

  const isPending = () => deferred?.isPending() === true;

  const log = createLogSync(db, () => {
    syncLog();
    schedule();
    tellIdle();
  });
  /** Set while something is done that nobody waits for and that is not on disk. */
  let owed: NodeJS.Timeout | undefined;

  /** False where nothing was begun. */
  function syncLog(): boolean {
    if (!log.begin()) return false;
    clearOwed();
    return true;
  }

  /**
   * While the disk is waited for, writes gather: a commit of their own would not be on disk any sooner, since it has to wait for the
   * next sync in any case. What is appended is committed at once, and all that waits with it.
   */
  function schedule(): void {
    if (scheduled || queue.length === 0) return;
    if (log.isSyncing() && queue.every(({ kind }) => kind === 'write')) return;
    flushSoon();
  }

  function flushSoon(): void {
    clearTimeout(again);
    again = undefined;
    scheduled = true;
    setImmediate(flush);
  }

  function clearOwed(): void {
    clearTimeout(owed);
    owed = undefined;
  }

  function syncOwed(): void {
    clearOwed();
    try {
      commitHeld();
    } catch {
      return; // It is tried again.
    }
    log.owe({ resolve: nothing, reject: nothing });
    syncLog();
  }

  const isAtWork = () => scheduled || log.isSyncing() || queue.length > 0 || owed !== undefined;

  /** Does what nobody waits for in the transaction that is open, or opens one. */
  function hold(job: Job): void {
    const done: Done[] = [];
    const failed: { job: Job; error: unknown }[] = [];
    try {
      transaction.begin(false);
      attempt(job, done, failed, true);
    } catch (error) {
      failed.push({ job, error: lose(error) });
    }
    for (const { error } of failed) job.reject(error);
    for (const { value } of done) {
      job.isTold = true;
      held.push(job);
      job.resolve(value);
    }
    if (transaction.isOpen()) owed ??= setTimeout(syncOwed, owedAtMostMs);
  }

  /** @throws what the disk said; what was held is tried again. */
  function commitHeld(): void {
    if (!transaction.isOpen()) return;
    try {
      transaction.commit();
    } catch (error) {
      throw lose(error);
    }
    held = [];
  }

  /** The open transaction is undone. What was held in it stands first in the queue again. */
  function lose(error: unknown): unknown {
    transaction.rollback();
    deferred?.undone();
    const reason = storeError(error);
    queue.unshift(...held);
    held = [];
    // As after a kill: the next one finds it out anew.
    if (isLeaving) queue = queue.filter(({ isTold }) => !isTold);
    if (queue.length > 0 && !scheduled) again ??= setTimeout(schedule, againMs);
    return reason;
  }

  function tellIdle(): void {
    if (isAtWork()) return;
    for (const resolve of idleWaiters.splice(0)) resolve();
  }

  function flush(): void {
    scheduled = false;
    const done: Done[] = [];
    const failed: { job: Job; error: unknown }[] = [];
    const startedAt = performance.now();
    let settled = nothing as () => void;
    let hasSettled = false;
    let hasAppended = false;
    let taken = 0;
    try {
      const isSyncNeeded = queue.some(({ kind }) => kind === 'append');
      if (isSyncNeeded) commitHeld();
      transaction.begin(isSyncNeeded);
      for (const job of queue) {
        if (taken >= maxJobsPerCommit || performance.now() - startedAt > maxCommitMs) break;
        // What was appended just now is known to be pending only after its commit.
        const looksAtAll = job.kind !== 'append' && job.kind !== 'tidy';
        if (looksAtAll && hasAppended) break;
        taken++;
        if (!looksAtAll) hasAppended = true;
        else if (!hasSettled) {
          hasSettled = true;
          if (isPending()) settled = settleDeferred();
        }
        attempt(job, done, failed, done.length === 0 && settled === nothing);
      }
      transaction.commit();
      settled();
      for (const { job, value } of done) job.committed(value);
    } catch (error) {
      taken = Math.max(taken, 1);
      const undone = queue.splice(0, taken);
      taken = 0;
      done.length = 0;
      queue.unshift(...undone.filter(({ isTold }) => isTold));
      const reason = lose(error);
      for (const job of undone)
        if (!job.isTold && !failed.some((entry) => entry.job === job)) failed.push({ job, error: reason });
    }
    queue = queue.slice(taken);
    if (taken > 0) acknowledge(done);
    for (const { job, error } of failed)
      if (job.isTold) onUnexpected(error, job.name);
      else job.reject(error);
    if (queue.some(({ isTold }) => taken > 0 || !isTold)) schedule();
    tellIdle();
  }

  function settleDeferred(): () => void {
    isAtJob = true;
    try {
      return deferred?.settle(db) ?? nothing;
    } finally {
      isAtJob = false;
    }
  }

  /** After a commit. */
  function acknowledge(done: readonly Done[]): void {
    const isOwed =
      held.length > 0 || done.some(({ job: { kind } }) => kind === 'committed' || kind === 'soon');
    held = [];
    const isOnDisk = transaction.wasSynced();
    for (const { job, value } of done)
      if (!isOnDisk && (job.kind === 'write' || job.kind === 'append'))
        log.owe({ resolve: () => job.resolve(value), reject: job.reject });
      else job.resolve(value);
    if (isOnDisk) {
      clearOwed();
      log.tellJoined();
    } else if (!syncLog() && isOwed) owed ??= setTimeout(syncOwed, owedAtMostMs);
  }

  /**
   * Does a job in the open transaction, or leaves no trace of it.
   * @param isAfterHeld nothing but what is held stands before it in the transaction. Then it needs no savepoint, for which SQLite copies
   *   each page that is changed again: what is held can be done once more.
   */
  function attempt(
    job: Job,
    done: Done[],
    failed: { job: Job; error: unknown }[],
    isAfterHeld: boolean,
  ): void {
    const startedAt = performance.now();
    const work = () => job.work(db);
    isAtJob = true;
    try {
      const value = isAfterHeld ? work() : transaction.apart(work);
      done.push({ job, value });
    } catch (error) {
      // A full disk has undone the whole transaction.
      if (!transaction.isOpen()) throw error;
      if (isAfterHeld) doHeldAgain();
      deferred?.undone();
      failed.push({ job, error: storeError(error) });
    } finally {
      isAtJob = false;
    }
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs > slowMs) onSlow(job.name, elapsedMs);
  }

  /** @throws what the disk said. */
  function doHeldAgain(): void {
    transaction.rollback();
    transaction.begin(transaction.wasSynced());
    const done: Done[] = [];
    const failed: { job: Job; error: unknown }[] = [];
    for (const job of held) attempt(job, done, failed, false);
    held = done.map(({ job }) => job);
    for (const { job, error } of failed) onUnexpected(error, job.name);
  }

  function add<T>(
    name: string,
    kind: Job['kind'],
    work: (db: Database.Database) => T,
    told: (value: T) => void,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const job: Job = {
        name,
        kind,
        work,
        committed: (value) => told(value as T),
        resolve: (value) => resolve(value as T),
        reject,
      };
      // In the order in which it came: not before what waits.
      if (kind === 'soon' && queue.length === 0 && !isPending() && !isAtJob) return hold(job);
      queue.push(job);
      schedule();
    });
  }

  function settle(): void {
    if (deferred === null || isAtJob || !isPending()) return;
    commitHeld();
    try {
      transaction.begin(false);
      const settled = settleDeferred();
      transaction.commit();
      settled();
    } catch (error) {
      transaction.rollback();
      deferred.undone();
      throw storeError(error);
    }
  }

  return {
    write: (name, work) => add(name, 'write', work, nothing),
    writeCommitted: (name, work) => add(name, 'committed', work, nothing),
    writeSoon: (name, work) => add(name, 'soon', work, nothing),
    async durable() {
      if (transaction.isOpen() || queue.some(({ isTold }) => isTold))
        await add('durable', 'committed', nothing, nothing);
      if (owed === undefined && !log.isSyncing()) return;
      await new Promise<void>((resolve, reject) => {
        log.owe({ resolve, reject });
        syncLog();
      });
    },
    durableSoon: () =>
      new Promise((resolve, reject) => {
        log.join({ resolve, reject });
        owed ??= setTimeout(syncOwed, owedAtMostMs);
      }),
    append: (name, work, told) => add(name, 'append', work, told),
    tidy: (name, work, told) => add(name, 'tidy', work, told),
    defer(taken) {
      deferred = taken;
    },
    isPending,
    settle,
    publish() {
      if (!isAtJob) commitHeld();
      settle();
    },
    idle() {
      isLeaving = true;
      if (owed !== undefined) syncOwed();
      return isAtWork() ? new Promise((resolve) => idleWaiters.push(resolve)) : Promise.resolve();
    },
    close: log.close,
  };
}
