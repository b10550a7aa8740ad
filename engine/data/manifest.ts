import { hash } from 'node:crypto';
import { posix } from 'node:path';
import type { DataVersion } from '../../contract/index.ts';

/** A file of a data version, or a link, which is kept as a link. Paths are relative, with forward slashes. */
export type ManifestEntry =
  | {
      readonly kind: 'file' | 'program';
      readonly path: string;
      readonly sizeBytes: number;
      readonly objectId: string;
    }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

export interface Manifest {
  readonly kind: 'file' | 'folder';
  readonly entries: readonly ManifestEntry[];
}

/** The stored files that entries of a version need, each as often as it comes. */
export const objectsOf = (entries: readonly ManifestEntry[]): string[] =>
  entries.flatMap((entry) => (entry.kind === 'link' ? [] : [entry.objectId]));

const letterOf = { file: 'f', program: 'x' } as const;

/**
 * The text of a manifest, format 1 (docs/storage.md): one line of JSON for the head and one for each entry, ordered by the
 * bytes of their paths in UTF-8. The same content under the same names is the same text.
 */
export function manifestText({ kind, entries }: Manifest): Buffer {
  const lines = entries.length > 1 ? inOrder(entries).map(entryLine) : entries.map(entryLine);
  return Buffer.from(`${[heads[kind], ...lines].join('\n')}\n`);
}

const headOf = (kind: Manifest['kind']) => JSON.stringify({ format: 'benchtop-data', version: 1, kind });
const heads = { file: headOf('file'), folder: headOf('folder') };

/** The line of one entry, without its end. */
export const entryLine = (entry: ManifestEntry): string =>
  JSON.stringify(
    entry.kind === 'link'
      ? ['l', entry.target, entry.path]
      : [letterOf[entry.kind], entry.sizeBytes, entry.objectId, entry.path],
  );

/** UTF-16 has the order of UTF-8 but for what lies beyond its first plane, which is written in pairs. */
const pairs = /[\uD800-\uDFFF]/;

function inOrder(entries: readonly ManifestEntry[]): readonly ManifestEntry[] {
  if (entries.some(({ path }) => pairs.test(path))) {
    const keyed = entries.map((entry) => ({ entry, key: Buffer.from(entry.path) }));
    return keyed.toSorted((a, b) => Buffer.compare(a.key, b.key)).map(({ entry }) => entry);
  }
  return entries.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** What a manifest's text says. @throws {Error} for a text that is none: it was verified by its hash, so that is a defect. */
export function readManifest(bytes: Uint8Array): Manifest {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8').split('\n');
  const head = JSON.parse(lines[0] ?? '') as { format?: unknown; version?: unknown; kind?: unknown };
  if (
    head.format !== 'benchtop-data' ||
    head.version !== 1 ||
    (head.kind !== 'file' && head.kind !== 'folder')
  )
    throw new Error(`This is no manifest of format 1: ${lines[0]?.slice(0, 200) ?? ''}`);
  const entries: ManifestEntry[] = [];
  for (let at = 1; at < lines.length - 1; at++) entries.push(readEntry(lines[at] ?? ''));
  return { kind: head.kind, entries };
}

/** What one line says, without its end. @throws {Error} for another text. */
export function readEntry(line: string): ManifestEntry {
  const fields = JSON.parse(line) as unknown[];
  const [letter, second, third, fourth] = fields;
  if (letter === 'l' && typeof second === 'string' && typeof third === 'string')
    return { kind: 'link', target: second, path: third };
  if (
    (letter === 'f' || letter === 'x') &&
    typeof second === 'number' &&
    typeof third === 'string' &&
    typeof fourth === 'string'
  )
    return { kind: letter === 'f' ? 'file' : 'program', sizeBytes: second, objectId: third, path: fourth };
  throw new Error(`This is no line of a manifest: ${line.slice(0, 200)}`);
}

/** What a folder has at a path in it, as a manifest of its own; null where that is nothing, or a link. */
export function manifestBelow({ entries }: Manifest, path: string): Manifest | null {
  const file = entries.find((entry) => entry.path === path);
  if (file !== undefined)
    return file.kind === 'link' ? null : { kind: 'file', entries: [{ ...file, path: posix.basename(path) }] };
  const below = entries.filter((entry) => entry.path.startsWith(`${path}/`));
  if (below.length === 0) return null;
  return {
    kind: 'folder',
    entries: below.map((entry) => ({ ...entry, path: entry.path.slice(path.length + 1) })),
  };
}

/** What lies at each path of a manifest, in words that are the same for the same content. */
export const manifestPaths = ({ entries }: Manifest): ReadonlyMap<string, string> =>
  new Map(
    entries.map((entry) => [
      entry.path,
      entry.kind === 'link' ? `l ${entry.target}` : `${entry.kind} ${entry.objectId}`,
    ]),
  );

/** The version that a manifest is: its id is the sha256 of the text. */
export function versionOf(manifest: Manifest, text: Uint8Array): DataVersion {
  let sizeBytes = 0;
  let linkCount = 0;
  for (const entry of manifest.entries)
    if (entry.kind === 'link') linkCount += 1;
    else sizeBytes += entry.sizeBytes;
  return {
    version: hash('sha256', text),
    kind: manifest.kind,
    fileCount: manifest.entries.length - linkCount,
    linkCount,
    sizeBytes,
  };
}
