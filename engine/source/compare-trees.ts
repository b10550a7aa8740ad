import type { SourceChange } from '../../contract/index.ts';
import { isPointer } from './admit-file.ts';
import { countLines, linesOf } from './count-lines.ts';
import type { TreeEntry } from './repository.ts';
import { shownPath, type BytePath } from './shown-path.ts';

/** A longer file is not compared line by line. */
const maxTextBytes = 1024 * 1024;
/** Each new file is held against each gone one; more pairs than this are not looked at. */
const maxPairs = 2500;
/** So much of its lines a renamed file keeps, as git's own default has it. */
const leastAlike = 0.5;

/** The first changes by path, and how many there are. */
export interface ComparedTrees {
  readonly changes: SourceChange[];
  readonly changeCount: number;
}

/** The contents of blobs on one side, in the order asked. */
export type ReadBlobs = (ids: readonly string[]) => AsyncIterable<Buffer>;

interface Pair {
  readonly before: TreeEntry | null;
  readonly after: TreeEntry | null;
}

/**
 * What differs between two trees, by path. A file that is gone and another that came are one renamed file where at least half of their
 * lines are the same. Lines are counted of at most `limit` changes, the first by path.
 * @param sameLineEnds files that differ in their line ends alone are the same, as they are for git where it converts them.
 */
export async function compareTrees(
  before: { readonly entries: readonly TreeEntry[]; readonly blobs: ReadBlobs },
  after: { readonly entries: readonly TreeEntry[]; readonly blobs: ReadBlobs },
  limit: number,
  sameLineEnds: boolean,
): Promise<ComparedTrees> {
  const old = new Map(before.entries.map((entry) => [entry.path, entry]));
  const now = new Map(after.entries.map((entry) => [entry.path, entry]));
  const pairs: Pair[] = [];
  const gone: TreeEntry[] = [];
  const come: TreeEntry[] = [];
  for (const entry of after.entries) {
    const was = old.get(entry.path);
    if (was === undefined) come.push(entry);
    else if (was.id !== entry.id || was.mode !== entry.mode) pairs.push({ before: was, after: entry });
  }
  for (const entry of before.entries) if (!now.has(entry.path)) gone.push(entry);

  const texts = await textsOf(
    [...pairs.flatMap((pair) => pair.before ?? []), ...gone].slice(0, 2 * limit),
    before.blobs,
  );
  const newTexts = await textsOf(
    [...pairs.flatMap((pair) => pair.after ?? []), ...come].slice(0, 2 * limit),
    after.blobs,
  );
  const renamed = renames(gone, come, texts, newTexts);
  for (const entry of come) pairs.push({ before: renamed.get(entry.path) ?? null, after: entry });
  const taken = new Set([...renamed.values()].map(({ path }) => path));
  for (const entry of gone) if (!taken.has(entry.path)) pairs.push({ before: entry, after: null });

  const sorted = pairs.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
  const changes = sorted.slice(0, limit).map((pair) => changeOf(pair, texts, newTexts));
  const told = sameLineEnds ? changes.filter((change, at) => !isLineEndsAlone(change, sorted[at])) : changes;
  return { changes: told, changeCount: sorted.length - (changes.length - told.length) };
}

const isLineEndsAlone = ({ change, addedLines, removedLines }: SourceChange, pair: Pair | undefined) =>
  change === 'modified' && addedLines === 0 && removedLines === 0 && pair?.before?.mode === pair?.after?.mode;

type Texts = ReadonlyMap<string, readonly string[] | null>;

const placeOf = ({ before, after }: Pair): BytePath => (after ?? before)?.path ?? '';

function changeOf({ before, after }: Pair, texts: Texts, newTexts: Texts): SourceChange {
  const old = before === null ? [] : (texts.get(before.id) ?? null);
  const now = after === null ? [] : (newTexts.get(after.id) ?? null);
  const counts = old === null || now === null ? null : countLines(old, now);
  const isRenamed = before !== null && after !== null && before.path !== after.path;
  return {
    path: shownPath(placeOf({ before, after })),
    change: before === null ? 'added' : after === null ? 'removed' : isRenamed ? 'renamed' : 'modified',
    oldPath: isRenamed ? shownPath(before.path) : null,
    addedLines: counts?.addedLines ?? null,
    removedLines: counts?.removedLines ?? null,
  };
}

/** The lines of each blob by its id; null for what is no text. */
async function textsOf(entries: readonly TreeEntry[], blobs: ReadBlobs): Promise<Texts> {
  const texts = new Map<string, readonly string[] | null>();
  for (const { id, sizeBytes } of entries)
    if (sizeBytes === null || sizeBytes > maxTextBytes) texts.set(id, null);
  const ids = [...new Set(entries.map(({ id }) => id))].filter((id) => !texts.has(id));
  let index = 0;
  for await (const content of blobs(ids))
    texts.set(
      ids[index++] ?? '',
      content.includes(0) || isPointer(content) ? null : linesOf(content.toString('latin1')),
    );
  return texts;
}

/** New files by their path, each with the gone one that it was. */
function renames(
  gone: readonly TreeEntry[],
  come: readonly TreeEntry[],
  texts: Texts,
  newTexts: Texts,
): Map<BytePath, TreeEntry> {
  const found = new Map<BytePath, TreeEntry>();
  const left = new Set(gone.filter(({ mode }) => mode !== '160000'));
  const open = new Set(come.filter(({ mode }) => mode !== '160000'));
  const take = (entry: TreeEntry, was: TreeEntry) => {
    found.set(entry.path, was);
    left.delete(was);
    open.delete(entry);
  };
  const byId = new Map([...left].map((entry) => [entry.id, entry]));
  for (const entry of open) {
    const same = byId.get(entry.id);
    // Empty files are alike without being each other.
    if (same !== undefined && left.has(same) && entry.sizeBytes !== 0) take(entry, same);
  }
  if (left.size * open.size > maxPairs) return found;
  const alike: { entry: TreeEntry; was: TreeEntry; share: number }[] = [];
  for (const entry of open)
    for (const was of left) {
      const share = sharedLines(texts.get(was.id) ?? null, newTexts.get(entry.id) ?? null);
      if (share >= leastAlike) alike.push({ entry, was, share });
    }
  for (const { entry, was } of alike.toSorted((one, other) => other.share - one.share))
    if (open.has(entry) && left.has(was)) take(entry, was);
  return found;
}

/** The share of lines that two texts have in common, of the longer one. */
function sharedLines(old: readonly string[] | null, now: readonly string[] | null): number {
  if (old === null || now === null || old.length === 0 || now.length === 0) return 0;
  const { removedLines } = countLines(old, now);
  return (old.length - removedLines) / Math.max(old.length, now.length);
}
