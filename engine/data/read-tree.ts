import { createHash } from 'node:crypto';
import { BenchtopError, type DataProblem, type DataVersion } from '../../contract/index.ts';
import type { Edit, Objects } from '../objects/index.ts';
import { isAsKnown, unknownPart, type KnownTree } from './known-tree.ts';
import { manifestText, readManifest, versionOf, type Manifest, type ManifestEntry } from './manifest.ts';
import { patchManifest } from './patch-manifest.ts';
import type { WalkedData, WalkedFile } from './walk-data.ts';

/** The contents of files, and of those without one why not. */
export interface FileContents {
  readonly entries: readonly ManifestEntry[];
  readonly problems: readonly DataProblem[];
}

/** What a walked file or folder holds. */
export interface TreeContent {
  readonly version: DataVersion;
  /** Of the version's manifest; null when it is the known version. */
  readonly text: Buffer | null;
  /** How the text came of that of the known version; null where it was made from nothing. */
  readonly edits: readonly Edit[] | null;
  /** What the known version does not hold, or not so; everything when none is known. */
  readonly fresh: readonly ManifestEntry[];
  /** Against the known version; null where the two manifests have to be compared for it. */
  readonly counts: { readonly added: number; readonly removed: number; readonly changed: number } | null;
  readonly problems: readonly DataProblem[];
  /** Files whose content could not be read. */
  readonly unread: ReadonlySet<string>;
}

/**
 * The version that a walked file or folder is. Only files are read that lie beside one that changed: what is known by its blocks is
 * taken from the manifest of the known version. Where that manifest is lost or damaged, all is read and it is made anew.
 * @param contentsOf reads files.
 */
export async function readTree(
  objects: Pick<Objects, 'read' | 'sizeBytes' | 'has'>,
  walked: WalkedData,
  known: KnownTree | null,
  contentsOf: (files: readonly WalkedFile[]) => Promise<FileContents>,
): Promise<TreeContent> {
  const none = {
    text: null,
    edits: null,
    fresh: [],
    counts: { added: 0, removed: 0, changed: 0 },
    unread: new Set<string>(),
  };
  if (known !== null && isAsKnown(walked, known) && objects.has(known.version.version))
    return { ...none, version: known.version, problems: walked.problems };
  const old = known === null ? null : await unlessLost(manifestBytes(objects, known.version.version));
  const part = unknownPart(walked, old === null ? null : known);
  const contents = await contentsOf(part.files);
  const problems = [...walked.problems, ...contents.problems];
  const unread = new Set(contents.problems.map(({ path }) => path));
  const links = part.links.map((link): ManifestEntry => ({ kind: 'link', ...link }));
  const looked = [...contents.entries, ...links];
  if (known === null || old === null)
    return { ...whole({ kind: walked.kind, entries: looked }), problems, unread };

  const patched = patchManifest(old, known.version, looked);
  const { added, changed, counts } = patched;
  if (counts.fileCount + counts.linkCount === walked.files.length + walked.links.length - unread.size) {
    if (added.length + changed.length === 0) return { ...none, version: known.version, problems, unread };
    const version = createHash('sha256').update(patched.text).digest('hex');
    return {
      version: { ...counts, version, kind: walked.kind },
      text: patched.text,
      edits: patched.edits,
      fresh: [...added, ...changed],
      counts: { added: added.length, removed: 0, changed: changed.length },
      problems,
      unread,
    };
  }
  // Something is gone.
  const byPath = new Map(
    [...readManifest(old).entries, ...looked].map((entry): [string, ManifestEntry] => [entry.path, entry]),
  );
  const entries = [...walked.files, ...walked.links].flatMap(({ path }) => {
    const entry = unread.has(path) ? undefined : byPath.get(path);
    return entry === undefined ? [] : [entry];
  });
  return { ...whole({ kind: walked.kind, entries }), problems, unread };
}

function whole(manifest: Manifest): Pick<TreeContent, 'version' | 'text' | 'edits' | 'fresh' | 'counts'> {
  const text = manifestText(manifest);
  return { version: versionOf(manifest, text), text, edits: null, fresh: manifest.entries, counts: null };
}

/** The text of a version's manifest, verified. @throws {BenchtopError} `not-found`, `damaged-object`. */
export async function manifestBytes(
  objects: Pick<Objects, 'read' | 'sizeBytes'>,
  version: string,
): Promise<Buffer> {
  const { bytes } = await objects.read(version, 0, objects.sizeBytes(version));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** What is read from the objects; null where it is lost or damaged, which `verify` tells of. */
export async function unlessLost<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof BenchtopError && (error.code === 'not-found' || error.code === 'damaged-object'))
      return null;
    throw error;
  }
}
