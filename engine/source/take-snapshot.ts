import { join, relative } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LeftOutFile, Snapshot } from '../../contract/index.ts';
import { isWithin } from '../is-within.ts';
import type { Objects } from '../objects/index.ts';
import { admitFile, keptBytes, pointerText, type Admission } from './admit-file.ts';
import { isTooBroad, type ChosenPlace } from './choose-place.ts';
import { fileReader } from './file-reader.ts';
import { globalExcludes } from './global-excludes.ts';
import { headOfRepository } from './head-of-repository.ts';
import { machineMadeFolder } from './machine-made.ts';
import type { CodeRepository, Git, TreeChange, WorkingChange, WorkingTree } from './repository.ts';
import { bytePath, shownPath, type BytePath } from './shown-path.ts';
import { maxListed } from './snapshot-records.ts';
import { walkFolder } from './walk-folder.ts';

/** More changed and new files than people write; behind them are data that nobody told git to ignore. */
export const maxFiles = 20_000;
/** New files of one top folder; a folder with more is data. */
const maxOfFolder = 2000;
/** All contents that go into one commit together. */
const maxCommitBytes = 256 * 1024 * 1024;
/** All large files that are kept by content for one snapshot. */
const maxKeptBytes = 512 * 1024 * 1024;
/** Files read at once: enough to keep a disk busy, few enough to hold in memory. */
const atOnce = 32;

/** Where a snapshot says what it is, in its own tree. */
export const aboutPath = '.benchtop/run.json';

export interface SnapshotRequest {
  readonly git: Git;
  readonly chosen: ChosenPlace;
  readonly homePath: string;
  readonly ref: string;
  readonly beganAt: number;
  readonly run: { readonly id: string; readonly name: string; readonly command: readonly string[] };
  readonly workingFolder: string;
  readonly objects: Pick<Objects, 'putFiles'>;
  readonly signal: AbortSignal;
}

type Taken = Pick<
  Snapshot,
  'commitId' | 'treeId' | 'parentId' | 'leftOut' | 'moreLeftOut' | 'changedMeanwhile' | 'problem'
>;

/**
 * Takes a commit of a working tree as it is now: what git knows and what is new, without what is ignored, secret or large. Neither
 * index nor HEAD, branches, stash, configuration or any file of the tree is written. @throws {Error} with the reason when it cannot.
 */
export async function takeSnapshot(request: SnapshotRequest): Promise<Taken> {
  const { git, chosen, ref, beganAt, run, signal } = request;
  const tree = await changedFiles(request);
  if (tree.problem !== undefined) return { ...nothing, problem: tree.problem };
  const borrowed = chosen.place !== null && chosen.repository === 'private' ? chosen.place.commonPath : null;
  if (chosen.repository === 'private') await git.makeBare(chosen.repositoryPath, borrowed);
  const repository = git.open(chosen.repositoryPath);
  const leftOut: LeftOutFile[] = [...tree.leftOut];
  const changedMeanwhile: string[] = [];
  const { commitId, treeId } = await repository.commit({
    ref,
    parentId: tree.headId,
    message: `Run ${run.name}\n\nThe working tree when the run ${run.id} began.\n`,
    at: beganAt,
    changes: changesOf(request, repository, tree.changes, { leftOut, changedMeanwhile }),
    signal,
  });
  return {
    commitId,
    treeId,
    parentId: tree.headId,
    leftOut: leftOut.toSorted(keptFirst).slice(0, maxListed),
    moreLeftOut: Math.max(0, leftOut.length - maxListed),
    changedMeanwhile: changedMeanwhile.slice(0, maxListed),
    problem: tree.note,
  };
}

const nothing: Taken = {
  commitId: null,
  treeId: null,
  parentId: null,
  leftOut: [],
  moreLeftOut: 0,
  changedMeanwhile: [],
  problem: null,
};

/** What is kept by content must be listed: the list is what keeps it. */
const keptFirst = (one: LeftOutFile, other: LeftOutFile) =>
  Number(other.objectId !== null) - Number(one.objectId !== null) || (one.path < other.path ? -1 : 1);

interface Changed extends WorkingTree {
  readonly leftOut: readonly LeftOutFile[];
  readonly problem?: string;
}

/** What differs from the commit that is checked out, without what no snapshot holds. */
async function changedFiles({ git, chosen, homePath, signal }: SnapshotRequest): Promise<Changed> {
  const { place, rootPath, withUntracked, note } = chosen;
  const leftOut: LeftOutFile[] = [];
  let tree: WorkingTree;
  if (place !== null) tree = await git.workingTree(place, { signal, withUntracked });
  else {
    if (isTooBroad(rootPath))
      return { ...none, problem: `No snapshot: ${rootPath} is no project but a whole home or disk.` };
    const excludes = await globalExcludes();
    const walk = await walkFolder(rootPath, { maxEntries: maxFiles, excludes, signal });
    if (!walk.isWhole)
      return { ...none, problem: `No snapshot: too large, ${rootPath} has more than ${maxFiles} files.` };
    tree = {
      headId: null,
      changes: [
        ...walk.files.map((path) => ({ path, ...unknown, is: 'untracked' as const })),
        ...walk.repositories.map((path) => ({ path, ...unknown, is: 'repository' as const })),
      ],
      machineMade: walk.machineMade,
      note: null,
    };
  }
  const own =
    isWithin(rootPath, homePath) && !isWithin(homePath, rootPath)
      ? bytePath(relative(rootPath, homePath))
      : null;
  const made = new Set(tree.machineMade);
  let changes = tree.changes.filter(({ path, is }) => {
    if (path === aboutPath || (own !== null && `${path}/`.startsWith(`${own}/`))) return false;
    const folder = is === 'untracked' || is === 'repository' ? machineMadeFolder(`${path}/`) : null;
    if (folder !== null) made.add(folder);
    return folder === null;
  });
  leftOut.push(...[...made].map((path) => leftOutFolder(shownPath(path))));
  if (changes.length > maxFiles) {
    const fewer = withoutDataFolders(changes);
    leftOut.push(...fewer.leftOut);
    changes = fewer.changes;
  }
  if (changes.length > maxFiles)
    return { ...none, problem: `No snapshot: too large, ${changes.length} files are new or changed.` };
  return {
    ...none,
    headId: tree.headId,
    changes,
    leftOut,
    note: [note, tree.note].filter((each) => each !== null).join(' ') || null,
  };
}

const unknown = { committed: null, staged: null, mode: null } as const;
const none: Changed = { headId: null, changes: [], machineMade: [], leftOut: [], note: null };

const leftOutFolder = (path: string): LeftOutFile => ({
  path,
  reason: 'machine-made',
  why: 'Made by a program, which can make it again.',
  sizeBytes: null,
  objectId: null,
});

function withoutDataFolders(changes: readonly WorkingChange[]): {
  changes: WorkingChange[];
  leftOut: LeftOutFile[];
} {
  const top = ({ path }: WorkingChange) => path.slice(0, Math.max(0, path.indexOf('/')));
  const counts = new Map<string, number>();
  for (const change of changes)
    if (change.is === 'untracked') counts.set(top(change), (counts.get(top(change)) ?? 0) + 1);
  const large = [...counts].filter(([folder, count]) => folder !== '' && count > maxOfFolder);
  const names = new Set(large.map(([folder]) => folder));
  return {
    changes: changes.filter((change) => change.is !== 'untracked' || !names.has(top(change))),
    leftOut: large.map(([folder, count]) => ({
      path: shownPath(folder),
      reason: 'large',
      why: `${count} new files that git does not know.`,
      sizeBytes: null,
      objectId: null,
    })),
  };
}

interface Noted {
  readonly leftOut: LeftOutFile[];
  readonly changedMeanwhile: string[];
}

async function* changesOf(
  request: SnapshotRequest,
  repository: CodeRepository,
  changes: readonly WorkingChange[],
  noted: Noted,
): AsyncGenerator<TreeChange> {
  const { chosen, beganAt, objects, signal } = request;
  for (const { path, is } of changes) if (is === 'gone') yield { path, isGone: true };
  let commitBytes = 0;
  let roomBytes = maxKeptBytes;
  const options = {
    rootPath: chosen.rootPath,
    reader: await fileReader(chosen.rootPath),
    beganAt,
    async keep(path: BytePath, sizeBytes: number) {
      const shown = shownPath(path);
      // A name that is no UTF-8 cannot be asked for there.
      if (sizeBytes > Math.min(keptBytes, roomBytes) || bytePath(shown) !== path) return null;
      roomBytes -= sizeBytes;
      const [stored] = await objects.putFiles([join(chosen.rootPath, shown)], { signal });
      return stored === undefined || 'problem' in stored ? null : stored;
    },
    committed: (id: string) => firstOf(repository.blobs([id])),
  };
  const present = changes.filter(({ is }) => is !== 'gone');
  for (let from = 0; from < present.length; from += atOnce) {
    const some = present.slice(from, from + atOnce);
    const admitted = await Promise.all(
      some.map(async (change) => ({
        change,
        admission:
          change.is === 'repository'
            ? await headOfRepository(change, chosen.rootPath)
            : await admitFile(change, options),
      })),
    );
    // What is read at once holds everybody up: others have their turn in between.
    await nextTurn();
    for (const { change, admission } of admitted) {
      if (admission.is === 'in') commitBytes += admission.content.length;
      const isTooMuch = admission.is === 'in' && commitBytes > maxCommitBytes;
      yield treeChange(change, isTooMuch ? tooMuch(admission.content.length) : admission, noted);
    }
  }
  yield { path: aboutPath, mode: '100644', content: Buffer.from(about(request, noted)) };
}

const tooMuch = (sizeBytes: number): Admission => ({
  is: 'out',
  reason: 'large',
  why: 'The changed files together are too large.',
  sizeBytes,
});

/** What one file comes to in the tree. */
function treeChange(
  { path }: WorkingChange,
  admission: Admission,
  { leftOut, changedMeanwhile }: Noted,
): TreeChange {
  const shown = shownPath(path);
  if ('isLate' in admission && admission.isLate) changedMeanwhile.push(shown);
  switch (admission.is) {
    case 'gone':
      return { path, isGone: true };
    case 'in':
      return { path, mode: admission.mode, content: admission.content };
    case 'stored':
      if (admission.mode === '160000') {
        const why = `A repository of its own, at commit ${admission.id}; what was changed in it is not kept.`;
        leftOut.push({ path: shown, reason: 'repository', why, sizeBytes: null, objectId: null });
      }
      return { path, mode: admission.mode, id: admission.id };
    case 'pointer': {
      const { objectId, sizeBytes } = admission.stored;
      leftOut.push({
        path: shown,
        reason: 'large',
        why: 'Kept by content, beside the repository.',
        sizeBytes,
        objectId,
      });
      return { path, mode: admission.mode, content: Buffer.from(pointerText(admission.stored)) };
    }
    case 'out': {
      const { reason, why, sizeBytes } = admission;
      leftOut.push({ path: shown, reason, why, sizeBytes, objectId: null });
      return { path, isGone: true };
    }
  }
}

/** What goes with the code to whoever gets the commit: no path of this machine, and no secret. */
function about(
  { run, beganAt, chosen, workingFolder }: SnapshotRequest,
  { leftOut, changedMeanwhile }: Noted,
): string {
  const facts = {
    format: 1,
    run: run.id,
    name: run.name,
    command: run.command,
    workingFolder: relative(chosen.rootPath, workingFolder) || '.',
    beganAt: new Date(beganAt).toISOString(),
    leftOut: leftOut.slice(0, maxListed),
    changedMeanwhile: changedMeanwhile.slice(0, maxListed),
  };
  return `${JSON.stringify(facts, null, 2)}\n`;
}

async function firstOf(contents: AsyncIterable<Buffer>): Promise<Buffer> {
  for await (const content of contents) return content;
  return Buffer.alloc(0);
}
