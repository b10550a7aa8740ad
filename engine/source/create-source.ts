import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import {
  BenchtopError,
  type RoomHandlers,
  type Run,
  type Snapshot,
  type SourceSide,
} from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import type { Home, Store } from '../store/index.ts';
import { createTurns } from '../turns.ts';
import type { WrittenBy } from '../written-paths.ts';
import { setNewest } from '../set-newest.ts';
import { isPointer } from './admit-file.ts';
import { choosePlace } from './choose-place.ts';
import { compareTrees, type ComparedTrees } from './compare-trees.ts';
import { runGit } from './git-program.ts';
import { programGit } from './program-git.ts';
import type { CodeRepository, FileMode, Git, TreeEntry } from './repository.ts';
import { restoreCode, type Restored } from './restore-code.ts';
import { shownPath } from './shown-path.ts';
import {
  closeUnfinished,
  erasedSnapshots,
  forgetErased,
  isRepositoryUsed,
  keepSnapshot,
  snapshotOf,
} from './snapshot-records.ts';
import { aboutPath, takeSnapshots } from './take-snapshot.ts';

export interface Source {
  readonly handlers: RoomHandlers<'source'>;
  /** Of a run, waited for while it is taken; null for one that has none. */
  snapshot(runId: string): Promise<Snapshot | null>;
  /** What differs between the code of two runs. @throws {BenchtopError} `not-found`. */
  compare(a: SourceSide, b: SourceSide, limit: number): Promise<ComparedTrees>;
  /** Writes the code of a run into a new folder. @throws {BenchtopError} `not-found`, `already-exists`. */
  restore(runId: string, folder: string): Promise<Restored>;
  /**
   * Takes the snapshot of a run, beside it: returns at once and never throws. Runs of a group follow each other closely, so that
   * the tree is read for many of them together.
   */
  runStarted(runId: string, started: BegunRun): void;
  /** Removes the refs of erased runs from their repositories, as far as these can be reached now. */
  removeErased(): Promise<void>;
  /** Marks what an engine before this one left unfinished, and goes on with removing what was erased. */
  recover(): Promise<void>;
  /** Waits for the snapshots that are being taken; one that takes too long is given up. */
  close(): Promise<void>;
}

/** What is known of a run that has begun. */
interface BegunRun {
  readonly name: string;
  readonly projectId: string | null;
  /** As it is recorded. */
  readonly recordedCommand: readonly string[];
  readonly workingFolder: string;
  readonly group: string | null;
  /** Milliseconds UTC: files that were there before it bear an earlier time. */
  readonly beganAt: number;
}

/** A run that waits for the snapshot of its code. */
interface Asker {
  readonly id: string;
  readonly name: string;
  readonly command: readonly string[];
  readonly beganAt: number;
  readonly workingFolder: string;
  readonly projectPath: string;
  /** Looked up when it asked: the group may be over when it is its turn. */
  readonly made: ReadonlySet<string>;
}

const nothingMade: ReadonlySet<string> = new Set();

/** A file's text that is answered at once. */
const maxTextBytes = 1024 * 1024;
/** So long a closing engine waits. */
const patienceMs = 5000;
/** Commits whose list of files is held: a window that compares asks for two again and again. */
const keptLists = 4;

export function createSource(options: {
  home: Pick<Home, 'path'>;
  store: Store;
  objects: Pick<Objects, 'putFiles' | 'writeFiles'>;
  now: () => number;
  run: (runId: string) => Run;
  project: (projectId: string) => { path: string };
  /** What is kept as data of what a group writes is no code. */
  writtenBy: WrittenBy;
  onUnexpected: (error: unknown, where: string) => void;
  /** For tests: the git to use in place of the best one there is. */
  git?: Git;
}): Source {
  const { home, store, objects, now, run, project, writtenBy, onUnexpected } = options;
  const underWay = new Map<string, Promise<void>>();
  const closing = new AbortController();
  const lists = new Map<string, Promise<TreeEntry[]>>();
  let git: Promise<Git> | undefined = options.git === undefined ? undefined : Promise.resolve(options.git);
  const theGit = () => (git ??= bestGit(home.path));

  const turns = createTurns<Asker, void>(take);

  /** Of runs that have all begun, in one place. */
  async function take(askers: readonly Asker[]): Promise<void> {
    const [first] = askers;
    if (first === undefined) return;
    const { workingFolder, projectPath, made } = first;
    const best = await theGit();
    const chosen = await choosePlace(best, { workingFolder, projectPath, homePath: home.path });
    const begun = askers.map(({ id, beganAt }): Snapshot => ({
      runId: id,
      commitId: null,
      treeId: null,
      parentId: null,
      repository: chosen.repository,
      repositoryPath: chosen.repositoryPath,
      ref: `refs/benchtop/runs/${id}`,
      rootPath: chosen.rootPath,
      beganAt,
      tookMs: null,
      leftOut: [],
      moreLeftOut: 0,
      changedMeanwhile: [],
      problem: null,
    }));
    // Before the refs are there, so that erasing a run always finds its own.
    await keep(begun);
    try {
      const taken = await takeSnapshots({
        git: best,
        chosen,
        homePath: home.path,
        runs: askers.map(({ id, name, command, beganAt }) => ({
          id,
          name,
          command,
          beganAt,
          ref: `refs/benchtop/runs/${id}`,
        })),
        workingFolder,
        made,
        objects,
        signal: closing.signal,
      });
      await keep(begun.map((each, number) => ({ ...each, ...taken[number], tookMs: now() - each.beganAt })));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const problem = `No snapshot: ${closing.signal.aborted ? 'Benchtop ended.' : why}`;
      await keep(begun.map((each) => ({ ...each, problem })));
      if (!closing.signal.aborted)
        onUnexpected(error, `the snapshot of run ${askers.map(({ id }) => id).join(', ')}`);
    }
  }

  const keep = (snapshots: readonly Snapshot[]) =>
    store.write('source.keep', (db) => {
      for (const snapshot of snapshots) keepSnapshot(db, snapshot);
    });

  /** The snapshot of a run that may be under way; nobody who asks waits for a rest. */
  async function settled(runId: string): Promise<void> {
    const work = underWay.get(runId);
    if (work !== undefined) turns.hurry();
    await work;
  }

  async function taken(runId: string): Promise<Snapshot & { commitId: string }> {
    await settled(runId);
    const snapshot = store.now((db) => snapshotOf(db, runId));
    const commitId = snapshot?.commitId ?? null;
    if (snapshot !== null && commitId !== null) return { ...snapshot, commitId };
    throw new BenchtopError({
      code: 'not-found',
      what: `The run ${run(runId).name} has no snapshot of its code.`,
      evidence: snapshot?.problem ?? 'Snapshots are taken of runs that Benchtop starts.',
    });
  }

  async function side({
    runId,
    at,
  }: SourceSide): Promise<{ entries: TreeEntry[]; repository: CodeRepository }> {
    const snapshot = await taken(runId);
    const repository = (await theGit()).open(snapshot.repositoryPath);
    const commitId = at === 'snapshot' ? snapshot.commitId : snapshot.parentId;
    if (commitId === null) return { entries: [], repository };
    const entries = await listOf(repository, snapshot.repositoryPath, commitId);
    return { entries: entries.filter(({ path }) => path !== aboutPath), repository };
  }

  function listOf(repository: CodeRepository, gitPath: string, commitId: string): Promise<TreeEntry[]> {
    const key = `${gitPath} ${commitId}`;
    const known = lists.get(key) ?? repository.entries(commitId);
    setNewest(lists, keptLists, key, known);
    known.catch(() => lists.delete(key));
    return known;
  }

  async function snapshot(runId: string): Promise<Snapshot | null> {
    await settled(runId);
    return store.now((db) => snapshotOf(db, runId));
  }

  async function compare(a: SourceSide, b: SourceSide, limit: number): Promise<ComparedTrees> {
    const [before, after] = await Promise.all([side(a), side(b)]);
    return compareTrees(
      { entries: before.entries, blobs: before.repository.blobs },
      { entries: after.entries, blobs: after.repository.blobs },
      limit,
      a.at !== b.at,
    );
  }

  async function restore(runId: string, folder: string): Promise<Restored> {
    const kept = await taken(runId);
    const repository = (await theGit()).open(kept.repositoryPath);
    return restoreCode(kept, folder, { repository, objects });
  }

  const handlers: RoomHandlers<'source'> = {
    snapshot: ({ runId }) => snapshot(runId),
    async files({ limit, ...asked }) {
      const { entries } = await side(asked);
      return { files: entries.slice(0, limit).map(sourceFileOf), fileCount: entries.length };
    },
    async file({ path, ...asked }) {
      const { entries, repository } = await side(asked);
      const entry = entries.find((each) => shownPath(each.path) === path);
      if (entry === undefined || entry.sizeBytes === null) return null;
      const { sizeBytes } = entry;
      if (sizeBytes > 16 * maxTextBytes) return { text: null, sizeBytes, isWhole: false };
      for await (const content of repository.blobs([entry.id])) {
        const shown = content.subarray(0, maxTextBytes);
        return {
          text: isPointer(shown) ? null : textOf(shown),
          sizeBytes,
          isWhole: shown.length === content.length,
        };
      }
      return null;
    },
    compare: ({ a, b, limit }) => compare(a, b, limit),
    restore: ({ runId, folder }) => restore(runId, folder),
    async createBranch({ runId, name }) {
      const { commitId, repository, repositoryPath } = await taken(runId);
      if (repository === 'private')
        throw new BenchtopError({
          code: 'unsupported',
          what: 'The code of this run is not in a repository of yours, so it cannot become a branch of it.',
          evidence: repositoryPath,
          next: 'Restore it into a new folder instead.',
        });
      await (await theGit()).open(repositoryPath).createBranch(name, commitId);
      return { branch: name, commitId, repositoryPath };
    },
  };

  return {
    handlers,
    snapshot,
    compare,
    restore,
    runStarted(runId, started) {
      const work = begin(runId, started)
        .catch((error: unknown) => onUnexpected(error, `the snapshot of run ${runId}`))
        .finally(() => underWay.delete(runId));
      underWay.set(runId, work);
    },
    async recover() {
      await store.write('source.recover', closeUnfinished);
      const work = removeErased()
        .catch((error: unknown) => onUnexpected(error, 'the refs of erased runs'))
        .finally(() => underWay.delete('erased'));
      underWay.set('erased', work);
    },
    removeErased,
    async close() {
      const patience = setTimeout(() => closing.abort(), patienceMs);
      turns.hurry();
      await Promise.all(underWay.values());
      clearTimeout(patience);
    },
  };

  async function begin(
    id: string,
    { name, projectId, recordedCommand: command, workingFolder, group, beganAt }: BegunRun,
  ): Promise<void> {
    const projectPath = projectId === null ? workingFolder : project(projectId).path;
    const key = JSON.stringify([workingFolder, projectPath, group]);
    const made = (group === null ? null : writtenBy(group))?.asData ?? nothingMade;
    const asker = { id, name, command, beganAt, workingFolder, projectPath, made };
    await turns.ask(key, asker, group !== null);
  }

  async function removeErased(): Promise<void> {
    const byRepository = Map.groupBy(store.now(erasedSnapshots), ({ repositoryPath }) => repositoryPath);
    for (const [repositoryPath, refs] of byRepository) {
      try {
        const repository = (await theGit()).open(repositoryPath);
        for (const { ref } of refs) await repository.removeRef(ref);
        await store.write('source.erased', (db) => forgetErased(db, refs));
        await shrink(repositoryPath);
      } catch (error) {
        // On a disk that is not there now, perhaps: the next time tries again.
        onUnexpected(error, `removing refs from ${repositoryPath}`);
      }
    }
  }

  /** Frees what erased snapshots took in a repository of Benchtop's own; the user's repositories clear up by themselves. */
  async function shrink(repositoryPath: string): Promise<void> {
    if (relative(join(home.path, 'source'), repositoryPath).startsWith('..')) return;
    if (!store.now((db) => isRepositoryUsed(db, repositoryPath)))
      return rm(repositoryPath, { recursive: true, force: true });
    // What was written in the last hour may be about to be named.
    await runGit(['gc', '--quiet', '--prune=1.hour.ago'], {
      cwd: repositoryPath,
      env: { GIT_DIR: repositoryPath },
      timeoutMs: 60_000,
    });
  }
}

/** The user's git, or the one without where there is none. */
async function bestGit(folder: string): Promise<Git> {
  const { isMissing } = await runGit(['--version'], { cwd: folder, timeoutMs: 10_000 });
  return isMissing ? (await import('./javascript-git.ts')).javascriptGit : programGit;
}

const kinds: Record<FileMode, 'file' | 'program' | 'link' | 'repository'> = {
  '100644': 'file',
  '100755': 'program',
  '120000': 'link',
  '160000': 'repository',
};

const sourceFileOf = ({ path, mode, sizeBytes }: TreeEntry) => ({
  path: shownPath(path),
  kind: kinds[mode],
  sizeBytes,
});

/** As UTF-8; null for what is none, or has a NUL. A sign that the end cuts in two is left out. */
function textOf(content: Uint8Array): string | null {
  if (content.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content, { stream: true });
  } catch {
    return null;
  }
}
