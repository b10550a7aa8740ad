import Database from 'better-sqlite3';
import { existsSync, statSync } from 'node:fs';
import { BenchtopError } from '../../contract/index.ts';
import { createCheckpoints } from './checkpoints.ts';
import type { Home } from './home.ts';
import { migrate, orderedMigrations, schemaVersion, type Migration } from './migrate.ts';
import { createReaders, type Readers } from './readers.ts';
import type { Queries } from './serve-queries.ts';
import { storeError } from './store-error.ts';
import { createWriter, type Deferred, type Writer } from './writer.ts';

/**
 * The metadata of one home. Changes go through `write`, heavy reads through `query` (a worker thread);
 * `now` is for look-ups by key, answered at once on the writer's own connection.
 */
export interface Store {
  write: Writer['write'];
  /** As `write`, resolves before it is on disk. */
  writeCommitted: Writer['writeCommitted'];
  /** As `write`, resolves before it is committed. */
  writeSoon: Writer['writeSoon'];
  /** Resolves when all that can be read is on disk. */
  durable: Writer['durable'];
  /** As `durable`, without hurrying anybody. */
  durableSoon: Writer['durableSoon'];
  /** As `write`, for work that does not look at what is deferred. */
  append: Writer['append'];
  /** As `append`, for work that only moves what is on disk already and need not be synced. */
  tidy: Writer['tidy'];
  /** Every `write`, `query` and `now` finds what the room has deferred in its place. */
  defer: Writer['defer'];
  query<Q extends Queries, N extends keyof Q & string>(
    queries: Q,
    name: N,
    input: Parameters<Q[N]>[1],
  ): Promise<ReturnType<Q[N]>>;
  now<T>(read: (db: Database.Database) => T): T;
  /** Lets readers that come by a way of their own find all that `now` would. */
  publish(): void;
  /** Why nothing can be written, or null. */
  readonly readOnlyReason: string | null;
  /** Set when the check after an unclean end found damage; null while unknown or sound. */
  damage(): string | null;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly home: Home;
  readonly migrations: readonly Migration[];
  /** The module that reader threads run. */
  readonly readerEntry: URL;
  onSlow(name: string, elapsedMs: number): void;
  onDamage(evidence: string): void;
  /**
   * Told when work that somebody took for done was undone by a full disk and failed when it was done once more, and when the log cannot be
   * moved into the database.
   */
  onUnexpected(error: unknown, where: string): void;
}

/**
 * Opens the store of a home: WAL, every commit synced. Migrates after a backup, checks after an unclean end.
 * A store that a newer Benchtop wrote is opened for reading only.
 * @throws {BenchtopError} `store-damaged` when the file is not a store or a migration fails.
 */
export async function openStore({
  home,
  migrations,
  readerEntry,
  onSlow,
  onDamage,
  onUnexpected,
}: StoreOptions): Promise<Store> {
  const known = orderedMigrations(migrations).length;
  const { db, version } = openDatabase(home.databasePath, known);
  const readOnlyReason =
    version > known
      ? `The store is of version ${version}; this Benchtop knows up to ${known}. Update Benchtop to write to it.`
      : null;
  if (readOnlyReason === null) await migrate(db, migrations, home.backupsPath);
  const readers = createReaders(readerEntry, home.databasePath, (name, elapsedMs) => {
    // For the log's move nobody waits.
    if (name !== 'checkpoint') onSlow(name, elapsedMs);
  });
  const checkpoint = createCheckpoints(
    db,
    () => readers.query('checkpoint', null),
    (error) => onUnexpected(error, 'checkpoint'),
  );
  const writer = createWriter(db, onSlow, onUnexpected, checkpoint);
  let damage: string | null = null;
  let deferred: Deferred | null = null;

  /** A store that cannot be written, because the disk is full, can still be read: without what could not be put in place. */
  const unlessFull = (work: () => void) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof BenchtopError) || error.code !== 'disk-full') throw error;
    }
  };
  const publish = () => unlessFull(writer.publish);
  const refuse = () =>
    Promise.reject(
      new BenchtopError({
        code: 'store-read-only',
        what: 'The store cannot be written.',
        evidence: readOnlyReason ?? '',
        next: 'Update Benchtop.',
      }),
    );
  const check = home.wasUnclean && version > 0 ? checkIntegrity(readers) : Promise.resolve(null);
  void check.then((found) => {
    damage = found;
    if (found !== null) onDamage(found);
  }, onDamage);

  return {
    readOnlyReason,
    damage: () => damage,
    publish,
    write: (name, work) => (readOnlyReason === null ? writer.write(name, work) : refuse()),
    writeCommitted: (name, work) => (readOnlyReason === null ? writer.writeCommitted(name, work) : refuse()),
    writeSoon: (name, work) => (readOnlyReason === null ? writer.writeSoon(name, work) : refuse()),
    durable: writer.durable,
    durableSoon: writer.durableSoon,
    append: (name, work, committed) =>
      readOnlyReason === null ? writer.append(name, work, committed) : refuse(),
    tidy: (name, work, committed) =>
      readOnlyReason === null ? writer.tidy(name, work, committed) : refuse(),
    defer(taken) {
      deferred = taken;
      writer.defer(taken);
    },
    async query(_queries, name, input) {
      publish();
      return readers.query(name, input) as Promise<never>;
    },
    now(read) {
      unlessFull(writer.settle);
      return read(db);
    },
    async close() {
      deferred?.close();
      await writer.idle();
      publish();
      await check.catch(() => null);
      await readers.close();
      writer.close();
      db.close();
    },
  };
}

/** 48 MB. */
const logPagesAtMost = 12_000;

function openDatabase(path: string, known: number): { db: Database.Database; version: number } {
  let db: Database.Database | undefined;
  try {
    db = new Database(path);
    const version = schemaVersion(db);
    if (version > known) {
      db.close();
      return { db: new Database(path, { readonly: true }), version };
    }
    if (version === 0) db.pragma('page_size = 4096');
    db.pragma('journal_mode = WAL');
    // An acknowledgement means durable: a commit is synced, also against loss of power, unless it only moves things.
    db.pragma('synchronous = FULL');
    // The log is moved by a reader's thread (checkpoints.ts); where that is not enough, by this one.
    db.pragma(`wal_autocheckpoint = ${logPagesAtMost}`);
    db.pragma('foreign_keys = ON');
    db.pragma('temp_store = MEMORY');
    db.pragma('cache_size = -16384');
    db.pragma('mmap_size = 268435456');
    return { db, version };
  } catch (error) {
    db?.close();
    const size = existsSync(path) ? `${statSync(path).size} bytes` : 'no file';
    const known = storeError(error);
    throw known instanceof BenchtopError
      ? new BenchtopError(
          { ...known.toShape(), evidence: `${path} (${size}): ${known.evidence ?? ''}` },
          { cause: error },
        )
      : error;
  }
}

/** The store's own queries, which every reader entry serves beside the rooms'. */
export const storeQueries = {
  /** Moves what the log holds into the database; what is committed meanwhile stays. */
  checkpoint(db: Database.Database, _input: null): null {
    const own = new Database(db.name);
    try {
      own.pragma('synchronous = FULL');
      own.pragma('wal_checkpoint(PASSIVE)');
    } finally {
      own.close();
    }
    return null;
  },
  quickCheck: (db: Database.Database, _input: null): string =>
    db.pragma('quick_check(1)', { simple: true }) as string,
};

async function checkIntegrity(readers: Readers): Promise<string | null> {
  const answer = await readers.query('quickCheck', null);
  return answer === 'ok' ? null : String(answer);
}
