import type { DataDelta, DataVersion, TableFormat } from '../../contract/index.ts';
import type { Manifest, ManifestEntry } from './manifest.ts';

/** Files of each list that are told. */
const listedAtMost = 1000;

/** What differs between two versions but for pieces of files, from their manifests alone. A link counts as a file of no bytes. */
export function versionDelta(
  before: { version: DataVersion; manifest: Manifest },
  after: { version: DataVersion; manifest: Manifest },
): Omit<DataDelta, 'chunks'> {
  const old = new Map(before.manifest.entries.map((entry) => [entry.path, entry]));
  const now = new Map(after.manifest.entries.map((entry) => [entry.path, entry]));
  const added = after.manifest.entries.filter(({ path }) => !old.has(path));
  const removed = before.manifest.entries.filter(({ path }) => !now.has(path));
  const changed: (readonly [ManifestEntry, ManifestEntry])[] = [];
  let same = 0;
  for (const entry of after.manifest.entries) {
    const was = old.get(entry.path);
    if (was === undefined) continue;
    if (contentOf(was) === contentOf(entry)) same += 1;
    else changed.push([was, entry]);
  }
  // A single file is the same file under another name: there is nothing else it could be.
  if (isSingle(before.manifest) && isSingle(after.manifest) && added.length === 1 && removed.length === 1) {
    const [was, is] = [removed.pop(), added.pop()];
    if (was !== undefined && is !== undefined) {
      if (contentOf(was) === contentOf(is)) {
        removed.push(was);
        added.push(is);
      } else changed.push([was, is]);
    }
  }
  const renamed = takeRenamed(added, removed);
  return {
    before: before.version,
    after: after.version,
    counts: {
      added: added.length,
      removed: removed.length,
      changed: changed.length,
      renamed: renamed.length,
      same,
    },
    bytes: {
      added: bytesOnlyIn(after.manifest, before.manifest),
      removed: bytesOnlyIn(before.manifest, after.manifest),
    },
    added: added.slice(0, listedAtMost).map((entry) => listed(entry.path, null, entry)),
    removed: removed.slice(0, listedAtMost).map((entry) => listed(entry.path, entry, null)),
    changed: changed.slice(0, listedAtMost).map(([was, is]) => listed(is.path, was, is)),
    renamed: renamed
      .slice(0, listedAtMost)
      .map(([was, is]) => ({ from: was.path, to: is.path, sizeBytes: sizeOf(is) })),
  };
}

/** The same content under another name; each name once. Taken out of both lists. */
function takeRenamed(
  added: ManifestEntry[],
  removed: ManifestEntry[],
): (readonly [ManifestEntry, ManifestEntry])[] {
  const gone = new Map<string, ManifestEntry[]>();
  for (const entry of removed) {
    const content = contentOf(entry);
    const known = gone.get(content);
    if (known === undefined) gone.set(content, [entry]);
    else known.push(entry);
  }
  const pairs = added.flatMap((entry) => {
    const was = entry.kind === 'link' ? undefined : gone.get(contentOf(entry))?.shift();
    return was === undefined ? [] : [[was, entry] as const];
  });
  const taken = new Set(pairs.flat());
  for (const list of [added, removed])
    list.splice(0, list.length, ...list.filter((entry) => !taken.has(entry)));
  return pairs;
}

function bytesOnlyIn(own: Manifest, other: Manifest): number {
  const known = new Set(other.entries.map((entry) => (entry.kind === 'link' ? '' : entry.objectId)));
  let bytes = 0;
  for (const entry of own.entries) {
    if (entry.kind === 'link' || known.has(entry.objectId)) continue;
    known.add(entry.objectId);
    bytes += entry.sizeBytes;
  }
  return bytes;
}

/** `train.csv`, `TRAIN.CSV.GZ`, `x.tsv`, `part.parquet`. */
export function tableFormatOf(path: string): TableFormat | null {
  if (/\.(csv|tsv)(\.gz)?$/i.test(path)) return 'csv';
  if (/\.(jsonl|ndjson)(\.gz)?$/i.test(path)) return 'jsonl';
  return /\.(parquet|pq)$/i.test(path) ? 'parquet' : null;
}

function listed(
  path: string,
  before: ManifestEntry | null,
  after: ManifestEntry | null,
): DataDelta['changed'][number] {
  const areFiles = [before, after].every((entry) => entry !== null && entry.kind !== 'link');
  return {
    path,
    sizeBytes: { before: before && sizeOf(before), after: after && sizeOf(after) },
    tableFormat: areFiles ? tableFormatOf(path) : null,
  };
}

const isSingle = (manifest: Manifest) => manifest.kind === 'file';
const sizeOf = (entry: ManifestEntry): number => (entry.kind === 'link' ? 0 : entry.sizeBytes);
const contentOf = (entry: ManifestEntry): string =>
  entry.kind === 'link' ? `l ${entry.target}` : `${entry.kind} ${entry.objectId}`;
