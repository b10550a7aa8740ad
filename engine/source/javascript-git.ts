import fs from 'node:fs';
import { lstat, mkdir, readFile, readlink, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import git from 'isomorphic-git';
import { BenchtopError } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';
import { committer } from './fast-import.ts';
import { globalExcludes } from './global-excludes.ts';
import { writeLoose } from './loose-objects.ts';
import type {
  CodeRepository,
  FileMode,
  Git,
  NewCommits,
  TreeChange,
  TreeEntry,
  WorkingChange,
} from './repository.ts';
import { bytePath, pathBelow, type BytePath } from './shown-path.ts';
import { blobId, readTree, writeTree, type TreeRow } from './tree-bytes.ts';
import { walkFolder } from './walk-folder.ts';

/** Every file is read here to tell whether it changed: more would take minutes. */
const maxEntries = 50_000;

/** Git without git, for a machine that has none: slower. */
export const javascriptGit: Git = {
  async placeOf(folder) {
    const start = await realpath(folder);
    for (let rootPath = start; ; rootPath = dirname(rootPath)) {
      const gitPath = await gitFolderOf(join(rootPath, '.git'));
      if (gitPath !== null) {
        const common = await textOf(join(gitPath, 'commondir'));
        const commonPath = common === null ? gitPath : resolve(gitPath, common.trim());
        return { rootPath, gitPath, commonPath, isIgnored: false };
      }
      if (rootPath === dirname(rootPath)) return null;
    }
  },

  async workingTree({ rootPath, gitPath, commonPath }, { signal, withUntracked }) {
    const headId = await headOf(gitPath, commonPath);
    const entries = headId === null ? [] : await entriesOf(commonPath, headId);
    const committed = new Map(entries.map((entry) => [entry.path, entry]));
    const staged = await stagedPaths(gitPath);
    const walk = await walkFolder(rootPath, {
      maxEntries,
      // The repository's own have the last word.
      excludes: `${await globalExcludes()}\n${(await textOf(join(commonPath, 'info', 'exclude'), 'latin1')) ?? ''}`,
      signal,
    });
    const known = new Set([...committed.keys(), ...staged]);
    const found = new Set([...known, ...(withUntracked ? walk.files : [])]);
    const changes: WorkingChange[] = walk.repositories
      .filter((path) => withUntracked && !committed.has(path))
      .map((path) => ({ path, committed: null, staged: null, mode: '160000', is: 'repository' }));
    for (const path of found) {
      signal.throwIfAborted();
      const entry = committed.get(path) ?? null;
      if (entry?.mode === '160000') continue;
      const change = await changeOf(rootPath, path, entry, known.has(path));
      if (change !== null) changes.push(change);
    }
    const note = walk.isWhole ? null : `Only the first ${maxEntries} files and folders were looked at.`;
    return { headId, changes, machineMade: withUntracked ? walk.machineMade : [], note };
  },

  async makeBare(gitPath) {
    await mkdir(gitPath, { recursive: true, mode: 0o700 });
    if ((await textOf(join(gitPath, 'HEAD'))) === null)
      await git.init({ fs, gitdir: gitPath, dir: gitPath, bare: true, defaultBranch: 'main' });
  },

  open: (gitPath) => openRepository(gitPath),
};

function openRepository(gitPath: string): CodeRepository {
  return {
    commit: (commits) => writeCommits(gitPath, commits),
    entries: (commitId) => entriesOf(gitPath, commitId),
    async *blobs(ids) {
      for (const id of ids) yield await objectOf(gitPath, id);
    },
    async removeRef(ref) {
      await git.deleteRef({ fs, gitdir: gitPath, ref });
    },
    async createBranch(name, commitId) {
      const ref = `refs/heads/${name}`;
      const isTaken = await git.resolveRef({ fs, gitdir: gitPath, ref }).then(
        () => true,
        () => false,
      );
      if (isTaken)
        throw new BenchtopError({
          code: 'already-exists',
          what: `There is already a branch "${name}".`,
          next: 'Choose another name.',
        });
      try {
        await git.writeRef({ fs, gitdir: gitPath, ref, value: commitId });
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'InvalidRefNameError') throw error;
        throw new BenchtopError(
          { code: 'invalid-input', what: `Git takes no branch with the name "${name}".` },
          { cause: error },
        );
      }
    },
  };
}

async function changeOf(
  rootPath: string,
  path: BytePath,
  entry: TreeEntry | null,
  isKnown: boolean,
): Promise<WorkingChange | null> {
  const committed = entry === null ? null : { mode: entry.mode, id: entry.id };
  const gone =
    committed === null ? null : ({ path, committed, staged: null, mode: null, is: 'gone' } as const);
  const file = await lstat(pathBelow(rootPath, path)).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (file === null || file.isDirectory()) return gone;
  const mode: FileMode = file.isSymbolicLink() ? '120000' : (file.mode & 0o100) === 0 ? '100644' : '100755';
  // One that may not be read is told apart by whoever takes the snapshot.
  if (entry !== null && entry.mode === mode && entry.sizeBytes === file.size) {
    const content = await (
      file.isSymbolicLink()
        ? readlink(pathBelow(rootPath, path), 'buffer')
        : readFile(pathBelow(rootPath, path))
    ).catch(() => null);
    if (content !== null && blobId(content) === entry.id) return null;
  }
  return { path, committed, staged: null, mode, is: isKnown ? 'changed' : 'untracked' };
}

async function writeCommits(
  gitPath: string,
  { parentId, changes, each, signal }: NewCommits,
): Promise<{ commitId: string; treeId: string }[]> {
  const parent = parentId === null ? null : await commitOf(gitPath, parentId);
  const shared: StoredChange[] = [];
  for await (const change of changes) {
    signal.throwIfAborted();
    shared.push(await stored(gitPath, change));
  }
  const written = [];
  for (const { ref, message, at, own } of each()) {
    const root: ChangedFolder = { folders: new Map(), files: new Map() };
    for (const change of shared) put(root, change);
    for (const change of own) put(root, await stored(gitPath, change));
    const treeId = await writeFolder(gitPath, parent?.treeId ?? null, root);
    const who = `${committer.name} <${committer.email}> ${Math.floor(at / 1000)} +0000`;
    const lines = [
      `tree ${treeId}`,
      ...(parentId === null ? [] : [`parent ${parentId}`]),
      `author ${who}`,
      `committer ${who}`,
      '',
      message,
    ];
    const commitId = await writeLoose(gitPath, 'commit', Buffer.from(lines.join('\n'), 'utf8'));
    await git.writeRef({ fs, gitdir: gitPath, ref, value: commitId, force: true });
    written.push({ commitId, treeId });
  }
  return written;
}

/** A change whose content is in the repository. */
type StoredChange = Exclude<TreeChange, { content: Uint8Array }>;

async function stored(gitPath: string, change: TreeChange): Promise<StoredChange> {
  if (!('content' in change)) return change;
  return { path: change.path, mode: change.mode, id: await writeLoose(gitPath, 'blob', change.content) };
}

/** What changes below one folder; a file of null is gone. */
interface ChangedFolder {
  readonly folders: Map<string, ChangedFolder>;
  readonly files: Map<string, { mode: FileMode; id: string } | null>;
}

function put(root: ChangedFolder, change: StoredChange): void {
  const names = change.path.split('/');
  const name = names.pop() ?? '';
  let folder = root;
  for (const each of names) {
    let next = folder.folders.get(each);
    if (next === undefined) folder.folders.set(each, (next = { folders: new Map(), files: new Map() }));
    folder = next;
  }
  folder.files.set(name, 'isGone' in change ? null : { mode: change.mode, id: change.id });
}

/** Writes the tree of a folder as it was with its changes; folders that nothing changed in keep their tree. */
async function writeFolder(gitPath: string, was: string | null, changed: ChangedFolder): Promise<string> {
  const rows = new Map<string, TreeRow>();
  if (was !== null) for (const row of readTree(await objectOf(gitPath, was))) rows.set(row.name, row);
  for (const [name, file] of changed.files) {
    if (file !== null) rows.set(name, { name, ...file });
    else if (rows.get(name)?.mode !== '40000') rows.delete(name);
  }
  for (const [name, folder] of changed.folders) {
    const before = rows.get(name);
    const id = await writeFolder(gitPath, before?.mode === '40000' ? before.id : null, folder);
    // A file that came where a folder was stays.
    if (id !== emptyTree) rows.set(name, { name, mode: '40000', id });
    else if (before?.mode === '40000') rows.delete(name);
  }
  return writeLoose(gitPath, 'tree', writeTree([...rows.values()]));
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

async function entriesOf(gitPath: string, commitId: string): Promise<TreeEntry[]> {
  const { treeId } = await commitOf(gitPath, commitId);
  const entries: TreeEntry[] = [];
  const folders = [{ base: '', id: treeId }];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const { name, mode, id } of readTree(await objectOf(gitPath, folder.id))) {
      const path = `${folder.base}${name}`;
      if (mode === '40000') folders.push({ base: `${path}/`, id });
      else if (mode === '160000') entries.push({ path, mode, id, sizeBytes: null });
      else entries.push({ path, mode, id, sizeBytes: (await objectOf(gitPath, id)).length });
    }
  }
  return entries.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

async function commitOf(gitPath: string, commitId: string): Promise<{ treeId: string }> {
  const text = (await objectOf(gitPath, commitId)).toString('latin1', 0, 64);
  return { treeId: /^tree ([0-9a-f]{40})\n/.exec(text)?.[1] ?? '' };
}

/** The content of an object, from its own file or from a pack. */
async function objectOf(gitPath: string, id: string): Promise<Buffer> {
  try {
    // Names of files are bytes: `readTree` would read them as UTF-8.
    // oxlint-disable-next-line typescript/no-deprecated
    const { object } = await git.readObject({ fs, gitdir: gitPath, oid: id, format: 'content', cache });
    return Buffer.from(object as Uint8Array);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NotFoundError') throw error;
    throw new BenchtopError(
      { code: 'not-found', what: `The repository has no object ${id} any more.` },
      { cause: error },
    );
  }
}

/** Indexes of packs that were read; without it each object reads them anew. */
const cache = {};

async function headOf(gitPath: string, commonPath: string): Promise<string | null> {
  const head = (await textOf(join(gitPath, 'HEAD')))?.trim() ?? '';
  const ref = /^ref: (.+)$/.exec(head)?.[1];
  if (ref === undefined) return head;
  return git.resolveRef({ fs, gitdir: commonPath, ref }).catch(() => null);
}

/** Paths of the index; none where it is of a version that cannot be read here. */
async function stagedPaths(gitPath: string): Promise<BytePath[]> {
  const paths = await git.listFiles({ fs, dir: gitPath, gitdir: gitPath }).catch(() => []);
  // Of a split index only its changes are read, and those of its shared part have no names.
  return paths.filter((path) => path !== '' && !path.includes('\0')).map(bytePath);
}

async function gitFolderOf(path: string): Promise<string | null> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (found === null) return null;
  if (found.isDirectory()) return (await textOf(join(path, 'HEAD'))) === null ? null : path;
  const pointed = /^gitdir: (.+)$/m.exec((await textOf(path)) ?? '')?.[1];
  return pointed === undefined ? null : resolve(dirname(path), pointed);
}

async function textOf(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<string | null> {
  return readFile(path, encoding).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}
