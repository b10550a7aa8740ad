import { join, relative } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LeftOutFile, Snapshot } from '../../contract/index.ts';
import { isWithin } from '../is-within.ts';
import type { Objects } from '../objects/index.ts';
import {
  admitFile,
  isLate,
  keptBytes,
  lateWhy,
  pointerText,
  type Admission,
  type FileTimes,
} from './admit-file.ts';
import { isTooBroad, type ChosenPlace } from './choose-place.ts';
import { fileReader } from './file-reader.ts';
import { globalExcludes } from './global-excludes.ts';
import { headOfRepository } from './head-of-repository.ts';
import { isWithinAny, leftOutFolder, leftOutOutputs, withoutDataFolders } from './left-out.ts';
import { machineMadeFolder } from './machine-made.ts';
import type { CodeRepository, Git, NewCommit, TreeChange, WorkingChange, WorkingTree } from './repository.ts';
import { bytePath, shownPath, type BytePath } from './shown-path.ts';
import { maxListed } from './snapshot-records.ts';
import { walkFolder } from './walk-folder.ts';

/** More changed and new files than people write; behind them are data that nobody told git to ignore. */
export const maxFiles = 20_000;
/** All contents that go into one commit together. */
const maxCommitBytes = 256 * 1024 * 1024;
/** All large files that are kept by content for one snapshot. */
const maxKeptBytes = 512 * 1024 * 1024;
/** Files read at once: enough to keep a disk busy, few enough to hold in memory. */
const atOnce = 32;

/** Where a snapshot says what it is, in its own tree. */
export const aboutPath = '.benchtop/run.json';

/** A run that wants to know what it ran. */
export interface SnapshotRun {
  readonly id: string;
  readonly name: string;
  readonly command: readonly string[];
  readonly ref: string;
  readonly beganAt: number;
}

export interface SnapshotRequest {
  readonly git: Git;
  readonly chosen: ChosenPlace;
  readonly homePath: string;
  /** All of them have begun; one at least. */
  readonly runs: readonly SnapshotRun[];
  readonly workingFolder: string;
  /** Absolute paths of files and folders that programs write and that are kept otherwise. */
  readonly made: ReadonlySet<string>;
  readonly objects: Pick<Objects, 'putFiles'>;
  readonly signal: AbortSignal;
}

type Taken = Pick<
  Snapshot,
  'commitId' | 'treeId' | 'parentId' | 'leftOut' | 'moreLeftOut' | 'changedMeanwhile' | 'problem'
>;

/**
 * Takes a commit of a working tree as it is now for each run: what git knows and what is new, without what is ignored, secret or
 * large. The tree is read once. Neither index nor HEAD, branches, stash, configuration or any file of the tree is written. Answers in
 * the order of the runs. @throws {Error} with the reason when it cannot.
 */
export async function takeSnapshots(request: SnapshotRequest): Promise<Taken[]> {
  const { git, chosen, runs, signal } = request;
  const tree = await changedFiles(request);
  const { problem } = tree;
  if (problem !== undefined) return runs.map(() => ({ ...nothing, problem }));
  const borrowed = chosen.place !== null && chosen.repository === 'private' ? chosen.place.commonPath : null;
  if (chosen.repository === 'private') await git.makeBare(chosen.repositoryPath, borrowed);
  const repository = git.open(chosen.repositoryPath);
  const noted: Noted = { leftOut: [...tree.leftOut], young: [] };
  const views: View[] = [];
  const written = await repository.commit({
    parentId: tree.headId,
    changes: changesOf(request, repository, tree.changes, noted),
    each: () =>
      runs.map((run) => {
        const view = viewOf(run, noted);
        views.push(view);
        return commitOf(request, run, view);
      }),
    signal,
  });
  return written.map(({ commitId, treeId }, number): Taken => {
    const { leftOut = [], changedMeanwhile = [] } = views[number] ?? {};
    return {
      commitId,
      treeId,
      parentId: tree.headId,
      leftOut: leftOut.toSorted(keptFirst).slice(0, maxListed),
      moreLeftOut: tree.moreLeftOut + Math.max(0, leftOut.length - maxListed),
      changedMeanwhile: changedMeanwhile.slice(0, maxListed),
      problem: tree.note,
    };
  });
}

/** The tree as one of the runs found it. */
interface View {
  readonly leftOut: readonly LeftOutFile[];
  readonly changedMeanwhile: readonly string[];
  /** New files that are no part of it: they came after it had begun. */
  readonly late: readonly BytePath[];
}

function viewOf({ beganAt }: SnapshotRun, { leftOut, young }: Noted): View {
  const late = young.filter(({ times }) => isLate(times, beganAt));
  const isOut = new Set(late.map(({ shown }) => shown));
  return {
    leftOut: [
      ...leftOut.filter(({ path }) => !isOut.has(path)),
      ...late.map(({ shown, sizeBytes }): LeftOutFile => ({
        path: shown,
        reason: 'late',
        why: lateWhy,
        sizeBytes,
        objectId: null,
      })),
    ],
    changedMeanwhile: young
      .filter(({ shown, times }) => times.changedMs >= beganAt && !isOut.has(shown))
      .map(({ shown }) => shown),
    late: late.map(({ path }) => path),
  };
}

function commitOf(request: SnapshotRequest, run: SnapshotRun, view: View): NewCommit {
  return {
    ref: run.ref,
    message: `Run ${run.name}\n\nThe working tree when the run ${run.id} began.\n`,
    at: run.beganAt,
    own: [
      ...view.late.map((path) => ({ path, isGone: true as const })),
      { path: aboutPath, mode: '100644', content: Buffer.from(about(request, run, view)) },
    ],
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
  /** So many are not in the list. */
  readonly moreLeftOut: number;
  readonly problem?: string;
}

/** What differs from the commit that is checked out, without what no snapshot holds. */
async function changedFiles({ git, chosen, homePath, made, signal }: SnapshotRequest): Promise<Changed> {
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
  const madeFolders = new Set(tree.machineMade);
  const outputs: string[] = [];
  let changes = tree.changes.filter(({ path, is }) => {
    if (path === aboutPath || (own !== null && `${path}/`.startsWith(`${own}/`))) return false;
    if (is !== 'untracked' && is !== 'repository') return true;
    const folder = machineMadeFolder(`${path}/`);
    const isOutput = folder === null && isWithinAny(made, join(rootPath, shownPath(path)), rootPath);
    if (folder !== null) madeFolders.add(folder);
    if (isOutput) outputs.push(shownPath(path));
    return folder === null && !isOutput;
  });
  leftOut.push(...[...madeFolders].map((path) => leftOutFolder(shownPath(path))));
  leftOut.push(...leftOutOutputs(outputs));
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
    moreLeftOut: outputs.length - leftOutOutputs(outputs).length,
    note: [note, tree.note].filter((each) => each !== null).join(' ') || null,
  };
}

const unknown = { committed: null, staged: null, mode: null } as const;
const none: Changed = {
  headId: null,
  changes: [],
  machineMade: [],
  leftOut: [],
  moreLeftOut: 0,
  note: null,
};

/** What is seen while the changes are told. */
interface Noted {
  readonly leftOut: LeftOutFile[];
  /** Files that were written since the first of the runs began. */
  readonly young: { path: BytePath; shown: string; sizeBytes: number; times: FileTimes }[];
}

async function* changesOf(
  request: SnapshotRequest,
  repository: CodeRepository,
  changes: readonly WorkingChange[],
  noted: Noted,
): AsyncGenerator<TreeChange> {
  const { chosen, runs, objects, signal } = request;
  const beganAt = runs.map((run) => run.beganAt);
  const firstBeganAt = Math.min(...beganAt);
  for (const { path, is } of changes) if (is === 'gone') yield { path, isGone: true };
  let commitBytes = 0;
  let roomBytes = maxKeptBytes;
  const options = {
    rootPath: chosen.rootPath,
    reader: await fileReader(chosen.rootPath),
    lastBeganAt: Math.max(...beganAt),
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
      const admitted = isTooMuch ? tooMuch(admission.content.length) : admission;
      if ('times' in admitted && admitted.times.changedMs >= firstBeganAt)
        noted.young.push({ ...youngFile(change, admitted), times: admitted.times });
      yield treeChange(change, admitted, noted);
    }
  }
}

const youngFile = ({ path }: WorkingChange, admission: Extract<Admission, { times: FileTimes }>) => ({
  path,
  shown: shownPath(path),
  sizeBytes: admission.is === 'in' ? admission.content.length : admission.stored.sizeBytes,
});

const tooMuch = (sizeBytes: number): Admission => ({
  is: 'out',
  reason: 'large',
  why: 'The changed files together are too large.',
  sizeBytes,
});

/** What one file comes to in the tree. */
function treeChange({ path }: WorkingChange, admission: Admission, { leftOut }: Noted): TreeChange {
  const shown = shownPath(path);
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
  { chosen, workingFolder }: SnapshotRequest,
  { id, name, command, beganAt }: SnapshotRun,
  { leftOut, changedMeanwhile }: View,
): string {
  const facts = {
    format: 1,
    run: id,
    name,
    command,
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
