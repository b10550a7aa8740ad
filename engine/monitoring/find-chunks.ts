import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BenchtopError, type MonitorSettings } from '../../contract/index.ts';
import { tableFormatOf, type ChunkPart, type Data, type NamedFile, type TimeRange } from '../data/index.ts';
import { inKeyOrder } from './chunk-rows.ts';
import type { Listing } from './monitor-rows.ts';

/** A folder with more tables is not judged: it has been named by mistake. */
const filesAtMost = 10_000;

/** The reference of a monitor, and what it holds. */
export interface FoundReference {
  readonly file: NamedFile;
  readonly part: TimeRange | null;
  readonly content: string;
}

/** Something to be judged, and what it holds. Without a file it could not be opened. */
export interface FoundChunk {
  readonly key: string;
  readonly label: string;
  readonly content: string;
  readonly place: { readonly file: NamedFile; readonly part: ChunkPart | null } | BenchtopError;
}

/** @throws {BenchtopError} `not-found`, `unsupported`, `too-large`, `invalid-input`. */
export async function findReference(
  data: Pick<Data, 'tables' | 'entriesAt'>,
  folder: string,
  { reference, source }: MonitorSettings,
  signal: AbortSignal,
): Promise<FoundReference> {
  if (reference.kind === 'version')
    return {
      file: await data.tables.fileOf({ version: reference.version, path: reference.path }),
      part: null,
      content: `${reference.version}/${reference.path}`,
    };
  const path = resolve(folder, reference.path);
  const { from, before } = reference;
  const isPart = from !== null || before !== null;
  if (isPart && source.chunks.by !== 'time')
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'A part of the reference is told by the time column of the chunks, and there is none.',
      next: 'Cut the source into periods, or name a file that is the reference as a whole.',
    });
  return {
    file: await data.tables.fileOf(path),
    part:
      isPart && source.chunks.by === 'time'
        ? { by: 'range', column: source.chunks.column, from, before }
        : null,
    content: `${await contentOf(data, path, signal)} ${from ?? ''} ${before ?? ''}`,
  };
}

/**
 * The chunks of a monitor's source, in their order. A table that stayed as it is since `known` is not read.
 * @throws {BenchtopError} `not-found`, `unsupported`, `too-large`, `too-many`, `invalid-input`.
 */
export async function findChunks(
  data: Pick<Data, 'tables' | 'entriesAt'>,
  folder: string,
  { source }: MonitorSettings,
  known: Listing | null,
  signal: AbortSignal,
): Promise<{ chunks: FoundChunk[]; waitingRows: number; listing: Listing | null }> {
  const path = resolve(folder, source.path);
  if (source.chunks.by === 'file') return { ...(await tablesIn(data, path, signal)), listing: null };
  const of = JSON.stringify([path, await contentOf(data, path, signal), source.chunks]);
  const file = await data.tables.fileOf(path);
  const listing =
    known?.of === of ? known : { of, ...(await data.tables.chunks({ file, rule: source.chunks }, signal)) };
  return {
    chunks: listing.chunks.map(({ key, label, content, part }) => ({
      key,
      label,
      content,
      place: { file, part },
    })),
    waitingRows: listing.waitingRows,
    listing,
  };
}

/** The tables of labels that come later, and what they hold; none where nothing is there yet. */
export interface FoundLabels {
  readonly files: readonly NamedFile[];
  readonly content: string;
}

/** @throws {BenchtopError} `unsupported`, `too-large` for what is there and cannot be read. */
export async function findLabels(
  data: Pick<Data, 'tables' | 'entriesAt'>,
  folder: string,
  { performance }: MonitorSettings,
  signal: AbortSignal,
): Promise<FoundLabels> {
  const late = performance?.labels ?? null;
  if (late === null) return { files: [], content: '' };
  const path = resolve(folder, late.path);
  if (!existsSync(path)) return { files: [], content: '' };
  const { kind, entries } = await data.entriesAt(path, signal);
  const found =
    kind === 'file'
      ? [path]
      : entries
          .filter((entry) => entry.kind !== 'link' && tableFormatOf(entry.path) !== null)
          .toSorted((a, b) => inKeyOrder({ key: a.path }, { key: b.path }))
          .map((entry) => join(path, entry.path));
  return {
    files: await Promise.all(found.map((each) => data.tables.fileOf(each))),
    content: JSON.stringify(entries),
  };
}

async function tablesIn(
  data: Pick<Data, 'tables' | 'entriesAt'>,
  path: string,
  signal: AbortSignal,
): Promise<{ chunks: FoundChunk[]; waitingRows: number }> {
  const { kind, entries } = await data.entriesAt(path, signal);
  if (kind === 'file')
    throw new BenchtopError({
      code: 'invalid-input',
      what: `${path} is a file, and no folder of tables.`,
      next: 'Cut it into periods by a time column, or into so many rows.',
    });
  const tables = entries.flatMap((entry) =>
    entry.kind === 'link' || tableFormatOf(entry.path) === null ? [] : [entry],
  );
  if (tables.length > filesAtMost)
    throw new BenchtopError({
      code: 'too-many',
      what: `${path} holds more than ${filesAtMost.toLocaleString('en-US')} tables.`,
      next: 'Name a folder below it.',
    });
  const chunks = await Promise.all(
    tables.map(async (entry): Promise<FoundChunk> => ({
      key: entry.path,
      label: entry.path.replace(/\.(csv|tsv|parquet|pq|jsonl|ndjson)(\.gz)?$/i, ''),
      content: entry.objectId,
      place: await placeOf(data, join(path, entry.path)),
    })),
  );
  return { chunks: chunks.toSorted(inKeyOrder), waitingRows: 0 };
}

async function placeOf(data: Pick<Data, 'tables'>, path: string): Promise<FoundChunk['place']> {
  try {
    return { file: await data.tables.fileOf(path), part: null };
  } catch (error) {
    if (error instanceof BenchtopError) return error;
    throw error;
  }
}

/** The sha256 of a file, known from before where it stayed as it is. */
async function contentOf(data: Pick<Data, 'entriesAt'>, path: string, signal: AbortSignal): Promise<string> {
  const { kind, entries } = await data.entriesAt(path, signal);
  const [entry] = entries;
  if (kind === 'folder' || entry === undefined || entry.kind === 'link')
    throw new BenchtopError({
      code: 'invalid-input',
      what: `${path} is no table.`,
      next: 'Name a file; a folder of tables is a source whose chunks are files.',
    });
  return entry.objectId;
}

/** What a chunk is known by to have been judged: its rows, the reference, labels that came later and the rules. */
export function contentKey(
  chunk: Pick<FoundChunk, 'content'>,
  reference: Pick<FoundReference, 'content'>,
  labels: Pick<FoundLabels, 'content'>,
  { ignored, leastMoved, prediction, performance }: MonitorSettings,
): string {
  const rules = {
    format: 1,
    ignored,
    leastMoved,
    prediction,
    ...(performance === null ? {} : { performance }),
  };
  return createHash('sha256')
    .update(
      JSON.stringify([
        chunk.content,
        reference.content,
        rules,
        ...(labels.content === '' ? [] : [labels.content]),
      ]),
    )
    .digest('hex');
}
