import type { BytePath } from './shown-path.ts';

/** As git writes them into a tree: plain, executable, symbolic link, commit of another repository. */
export type FileMode = '100644' | '100755' | '120000' | '160000';

export interface TreeEntry {
  readonly path: BytePath;
  readonly mode: FileMode;
  /** Of the blob, or of the commit for 160000. */
  readonly id: string;
  /** Bytes of the blob; null for a commit. */
  readonly sizeBytes: number | null;
}

/** What makes a commit's tree out of its parent's. */
export type TreeChange =
  | { readonly path: BytePath; readonly mode: FileMode; readonly content: Uint8Array }
  | { readonly path: BytePath; readonly mode: FileMode; readonly id: string }
  | { readonly path: BytePath; readonly isGone: true };

/** Commits of one moment: all of them beside each other on the same parent. */
export interface NewCommits {
  readonly parentId: string | null;
  /** What is in all of them, contents written once: what goes first, then what comes. */
  readonly changes: AsyncIterable<TreeChange>;
  /** Asked for when all changes have been told. */
  readonly each: () => readonly NewCommit[];
  readonly signal: AbortSignal;
}

export interface NewCommit {
  readonly ref: string;
  readonly message: string;
  /** Milliseconds UTC. */
  readonly at: number;
  /** What it has beside the others, or has not. */
  readonly own: readonly TreeChange[];
}

/** One git folder, seen as a store of commits. Neither index nor HEAD nor any working tree is looked at. */
export interface CodeRepository {
  /** Writes commits and lets their refs name them; answers in their order. @throws {Error} with git's words. */
  commit(commits: NewCommits): Promise<{ commitId: string; treeId: string }[]>;
  /** All files of a commit. @throws {BenchtopError} `not-found` when the commit is not there. */
  entries(commitId: string): Promise<TreeEntry[]>;
  /** The contents of blobs, in the order asked. @throws {BenchtopError} `not-found` for the first that is not there. */
  blobs(ids: readonly string[]): AsyncIterable<Buffer>;
  /** Nothing happens where there is no such ref. */
  removeRef(ref: string): Promise<void>;
  /** @throws {BenchtopError} `already-exists`, or `invalid-input` for a name that git does not take. */
  createBranch(name: string, commitId: string): Promise<void>;
}

/** A file of a working tree that is not as its commit has it. */
export interface WorkingChange {
  readonly path: BytePath;
  /** What the commit has there. */
  readonly committed: { readonly mode: FileMode; readonly id: string } | null;
  /** What is staged, where the file is as it is staged. */
  readonly staged: { readonly mode: FileMode; readonly id: string } | null;
  /** The mode that the file has in git's eyes; null where nobody has looked, and for a file that is gone. */
  readonly mode: FileMode | null;
  readonly is: 'changed' | 'untracked' | 'gone' | 'repository';
}

export interface WorkingTree {
  readonly headId: string | null;
  readonly changes: readonly WorkingChange[];
  /** Folders that programs made and nobody looked into. */
  readonly machineMade: readonly BytePath[];
  /** What was not looked at, in words. */
  readonly note: string | null;
}

/** A working tree with its repository. */
export interface Place {
  readonly rootPath: string;
  /** Of this working tree. */
  readonly gitPath: string;
  /** Shared by all working trees of the repository. */
  readonly commonPath: string;
  /** True when the folder asked about is ignored by the repository: nothing of it would be in a snapshot. */
  readonly isIgnored: boolean;
}

/** How long and how far to look into a working tree. */
export interface LookOptions {
  readonly signal: AbortSignal;
  /** False: only files that git knows. */
  readonly withUntracked: boolean;
}

/** One way of working with git; there are two, which do the same. */
export interface Git {
  /** The working tree around a folder; null where there is none. @throws {Error} with the reason why it cannot be told. */
  placeOf(folder: string): Promise<Place | null>;
  workingTree(place: Place, options: LookOptions): Promise<WorkingTree>;
  /** Makes a bare repository where there is none; objects of `borrowFrom`, a git folder, count as its own. */
  makeBare(gitPath: string, borrowFrom: string | null): Promise<void>;
  open(gitPath: string): CodeRepository;
}
