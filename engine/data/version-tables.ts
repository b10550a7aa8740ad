import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  BenchtopError,
  tableProfile,
  type DriftMode,
  type DriftReport,
  type DriftTest,
  type PerformanceQuestion,
  type PerformanceReport,
  type ProfileProgress,
  type SqlResult,
  type TableDelta,
  type TablePlace,
  type TableProfile,
  type TableRows,
} from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import type { Store } from '../store/index.ts';
import type { Manifest, ManifestEntry } from './manifest.ts';
import { keptTableIn } from './tables/kept-reference.ts';
import { fileName, keepProfile, keptProfile, removeOldTables, storedName } from './tables/kept-tables.ts';
import type { TableColumns, WantedColumn } from './tables/table-columns.ts';
import { createTableFiles } from './tables/table-files.ts';
import type {
  ChunkDrift,
  ChunksQuestion,
  DriftOfChunksQuestion,
  NamedFile,
  TableChunks,
} from './tables/table-question.ts';
import { createTableReader, type TableProcess } from './tables/table-reader.ts';

/** A table in two versions. */
export interface ComparedTable {
  readonly before: string;
  readonly after: string;
  readonly path: string;
  /** What makes a row the same row; looked for when left out. */
  readonly key?: readonly string[] | 'content' | undefined;
}

/** A stored file that is a table, which its name tells. */
export interface StoredTable {
  readonly objectId: string;
  readonly name: string;
}

/** Two tables of which the one is held to be right. */
export interface ComparedPlaces {
  readonly reference: TablePlace;
  readonly current: TablePlace;
  /** By column: the test to take in place of the usual one. */
  readonly tests: Readonly<Record<string, DriftTest>>;
  /** Whose numbers and verdicts; our own when left out. */
  readonly mode?: DriftMode;
}

type OnProgress = ((progress: ProfileProgress) => void) | undefined;

/** What versions and files hold, read as tables. */
export interface VersionTables {
  /** What differs by rows between two versions of a table. @throws {BenchtopError} where it is none, `cancelled`. */
  compare(asked: ComparedTable, signal: AbortSignal): Promise<TableDelta>;
  /** Some rows of a stored table in the order of the file. */
  rows(table: StoredTable, part: { offset: number; limit: number }, signal: AbortSignal): Promise<TableRows>;
  /** One SELECT over a table, which is called `t`. @throws {BenchtopError} `invalid-input` for a query that cannot be answered. */
  query(asked: { table: TablePlace; query: string; limit: number }, signal: AbortSignal): Promise<SqlResult>;
  /** The rows of a stored table at places, counted from 0, in the order of the file. */
  rowsAt(table: StoredTable, places: readonly number[], signal: AbortSignal): Promise<TableRows>;
  /** Whole columns of a stored table. @throws {BenchtopError} `unsupported` for what is no table, `too-large`, `cancelled`. */
  columns(table: StoredTable, wanted: readonly WantedColumn[], signal: AbortSignal): Promise<TableColumns>;
  /** The columns of a table, each summed up; this is done once for the content of a stored one, and for a file as long as it is unchanged. */
  profile(
    table: TablePlace | StoredTable,
    signal: AbortSignal,
    onProgress?: (progress: ProfileProgress) => void,
  ): Promise<TableProfile>;
  /**
   * Whether and how the columns of one table differ from those of another. What is needed of a reference that is a data version, or a file
   * that is one for the second time, is kept, and its table not read again.
   */
  drift(asked: ComparedPlaces, signal: AbortSignal): Promise<DriftReport>;
  /** What a classifier's answers are worth, by chunks. @throws {BenchtopError} for files that cannot be read so, `cancelled`. */
  estimate(asked: PerformanceQuestion, signal: AbortSignal): Promise<PerformanceReport>;
  /** A table as a file that can be asked about. @throws {BenchtopError} `not-found`, `unsupported`, `too-large`. */
  fileOf(place: TablePlace): Promise<NamedFile>;
  /** The chunks that a table is cut into. @throws {BenchtopError} `invalid-input`, `too-many`, `unsupported`, `cancelled`. */
  chunks(asked: Omit<ChunksQuestion, 'kind'>, signal: AbortSignal): Promise<TableChunks>;
  /** Chunks held against a reference, each told as soon as it is judged; what is needed of the reference is kept. @throws {BenchtopError} for a reference that cannot be read. */
  driftOfChunks(
    asked: Omit<DriftOfChunksQuestion, 'kind' | 'reference'> & {
      readonly reference: Omit<DriftOfChunksQuestion['reference'], 'keptIn'>;
    },
    onChunk: (found: ChunkDrift) => void,
    signal: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}

export function createVersionTables({
  homePath,
  store,
  objects,
  manifestOf,
  startTables,
}: {
  homePath: string;
  store: Store;
  objects: Objects;
  /** @throws {BenchtopError} `not-found`. */
  manifestOf: (version: string) => Promise<Manifest>;
  /** How the process that reads tables is started; as a child of Node when left out. */
  startTables?: (() => TableProcess) | undefined;
}): VersionTables {
  const folder = join(homePath, 'tables');
  const references = join(homePath, 'references');
  const files = createTableFiles(folder, objects);
  const tables = createTableReader({
    folder,
    onIdle: files.clear,
    ...(startTables === undefined ? {} : { start: startTables }),
  });
  const fileOf = ({ objectId, name }: StoredTable) =>
    files.fileOf({ kind: 'file', path: name, objectId, sizeBytes: objects.sizeBytes(objectId) });

  /** The stored file that a version is, or that it has at a path. */
  async function storedTable({ version, path }: Exclude<TablePlace, string>): Promise<StoredTable> {
    const entry = entryAt(await manifestOf(version), path);
    if (entry.kind === 'link')
      throw new BenchtopError({ code: 'unsupported', what: `${entry.path} is a link, and no table.` });
    return { objectId: entry.objectId, name: entry.path };
  }

  async function profileOf(
    table: StoredTable,
    signal: AbortSignal,
    onProgress: OnProgress,
  ): Promise<TableProfile> {
    const file = await fileOf(table);
    const how = `${file.format}${file.isGzip ? '.gz' : ''}`;
    const known = store.now((db) =>
      db
        .prepare('SELECT profile FROM table_profile WHERE object_id = ? AND format = ?')
        .pluck()
        .get(table.objectId, how),
    );
    // One that an earlier program kept may lack what a profile has by now.
    const kept = tableProfile.safeParse(typeof known === 'string' ? JSON.parse(known) : null);
    if (kept.success) return kept.data;
    const made = await tables.ask({ kind: 'profile', file }, signal, onProgress);
    if (store.readOnlyReason === null)
      await store.write('data.profile', (db) =>
        db
          .prepare('INSERT OR REPLACE INTO table_profile (object_id, format, profile) VALUES (?, ?, ?)')
          .run(table.objectId, how, JSON.stringify(made)),
      );
    return made;
  }

  /** A table as a file; `name` is how people know it. */
  async function namedFile(place: TablePlace): Promise<NamedFile> {
    if (typeof place === 'string') return files.fileAt(place);
    const table = await storedTable(place);
    return { ...(await fileOf(table)), name: table.name };
  }

  /** Where what is needed of a file of the user's is kept: nowhere the first time, since most are a reference but once. */
  function keptAtSecondUse(path: string): string | null {
    const name = fileName(path, null);
    if (name === null) return null;
    const keptIn = join(references, name);
    if (existsSync(keptIn)) return keptIn;
    mkdirSync(keptIn, { recursive: true, mode: 0o700 });
    return null;
  }

  async function profileOfFile(
    path: string,
    signal: AbortSignal,
    onProgress: OnProgress,
  ): Promise<TableProfile> {
    const file = files.fileAt(path);
    const name = fileName(file.path, null);
    const keptIn = name === null ? null : join(references, name);
    const kept = keptIn === null ? null : keptProfile(keptIn);
    if (kept !== null) return kept;
    const made = await tables.ask({ kind: 'profile', file }, signal, onProgress);
    if (keptIn !== null && store.readOnlyReason === null) {
      keepProfile(keptIn, made);
      removeOldTables(references);
    }
    return made;
  }

  async function driftOfChunks(
    asked: Parameters<VersionTables['driftOfChunks']>[0],
    onChunk: (found: ChunkDrift) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { file, part } = asked.reference;
    const isStored = dirname(file.path) === folder;
    const known = isStored
      ? storedName({ objectId: basename(file.path), name: file.name }, part)
      : fileName(file.path, part);
    const name = store.readOnlyReason === null ? known : null;
    // What may not be kept is laid down for this one question: chunk after chunk is held against it.
    const keptIn = name === null ? join(folder, `reference-${randomUUID()}`) : join(references, name);
    try {
      await tables.ask(
        { kind: 'drift-of-chunks', ...asked, reference: { file, part, keptIn } },
        signal,
        onChunk,
      );
    } finally {
      if (name === null) rmSync(keptIn, { recursive: true, force: true });
      else removeOldTables(references);
    }
  }

  async function drift(
    { reference, current, tests, mode = 'benchtop' }: ComparedPlaces,
    signal: AbortSignal,
  ): Promise<DriftReport> {
    const question = { kind: 'drift', current: await namedFile(current), tests, mode } as const;
    const askWithFile = async (keptIn: string | null) => {
      const file = await namedFile(reference);
      const report = await tables.ask({ ...question, reference: { name: file.name, file, keptIn } }, signal);
      if (report === null) throw new Error('A report lacks a reference that was given to it.');
      return report;
    };
    // What is kept has lost the order of the rows, which other tools go by.
    if (store.readOnlyReason !== null || mode !== 'benchtop') return askWithFile(null);
    if (typeof reference === 'string') return askWithFile(keptAtSecondUse(files.fileAt(reference).path));
    const table = await storedTable(reference);
    const { name } = table;
    const keptIn = join(references, storedName(table, null));
    try {
      const byKept =
        keptTableIn(keptIn) === null
          ? null
          : await tables.ask({ ...question, reference: { name, file: null, keptIn } }, signal);
      return byKept ?? (await askWithFile(keptIn));
    } finally {
      removeOldTables(references);
    }
  }

  return {
    async compare({ before, after, path, key }, signal) {
      const old = await files.fileOf(entryAt(await manifestOf(before), path));
      const now = await files.fileOf(entryAt(await manifestOf(after), path));
      return tables.ask({ kind: 'compare', before: old, after: now, key: key ?? null }, signal);
    },
    rows: async (table, part, signal) =>
      tables.ask({ kind: 'rows', file: await fileOf(table), ...part }, signal),
    query: async ({ table, query, limit }, signal) =>
      tables.ask({ kind: 'query', file: await namedFile(table), query, limit }, signal),
    rowsAt: async (table, places, signal) =>
      tables.ask({ kind: 'rows-at', file: await fileOf(table), places }, signal),
    columns: async (table, wanted, signal) =>
      tables.ask({ kind: 'columns', file: await fileOf(table), wanted }, signal),
    async profile(table, signal, onProgress) {
      if (typeof table === 'string') return profileOfFile(table, signal, onProgress);
      return profileOf('objectId' in table ? table : await storedTable(table), signal, onProgress);
    },
    drift,
    async estimate(asked, signal) {
      const { reference, current, labels } = asked;
      const question = {
        kind: 'performance',
        reference: await namedFile(reference),
        current: await namedFile(current),
        lateLabels: labels === null ? null : await namedFile(labels.path),
        asked,
      } as const;
      return tables.ask(question, signal);
    },
    fileOf: namedFile,
    chunks: (asked, signal) => tables.ask({ kind: 'chunks', ...asked }, signal),
    driftOfChunks,
    async close() {
      await tables.close();
      files.clear();
    },
  };
}

/** A file of a version; the only one of a single file, whatever it was called then. */
function entryAt(manifest: Manifest, path: string): ManifestEntry {
  const entry =
    manifest.kind === 'file' ? manifest.entries[0] : manifest.entries.find((each) => each.path === path);
  if (entry === undefined)
    throw new BenchtopError({ code: 'not-found', what: `The version has no file ${path}.` });
  return entry;
}
