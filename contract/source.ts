import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

/** Why a file of the working tree is not in a snapshot as it lay there. */
export const leftOutReason = z.enum([
  /** Its name or content looks like a secret. */
  'secret',
  /** Too large for git; kept by content where `objectId` is set, with a pointer in its place. */
  'large',
  /** What a program makes: an environment, a cache, recorded runs. Stands for all that is below. */
  'machine-made',
  /** A repository of its own, or a submodule: only its commit is named. */
  'repository',
  /** It came only after the run had begun. */
  'late',
  'unreadable',
]);
export type LeftOutReason = z.infer<typeof leftOutReason>;

export const leftOutFile = z.object({
  path: z.string(),
  reason: leftOutReason,
  /** What shows it, in words; never the content. */
  why: z.string(),
  /** Null where nobody looked. */
  sizeBytes: z.number().nullable(),
  /** sha256 of the stored content; null when it is kept nowhere. */
  objectId: z.string().nullable(),
});
export type LeftOutFile = z.infer<typeof leftOutFile>;

/** The code that a run ran: a commit of its working tree, made when it started. */
export const snapshot = z.object({
  runId: z.string(),
  /** Null when there is none; `problem` says why. */
  commitId: z.string().nullable(),
  treeId: z.string().nullable(),
  /** The commit that was checked out; null before the first one and outside of a repository. */
  parentId: z.string().nullable(),
  /** `own`: the user's repository; `private`: one below the home, for a folder without git or one that cannot be written. */
  repository: z.enum(['own', 'private']),
  /** The git folder that holds the commit. */
  repositoryPath: z.string(),
  /** The ref that keeps it. */
  ref: z.string(),
  /** The folder that the paths are relative to. */
  rootPath: z.string(),
  /** Milliseconds UTC. What was changed after this moment and before the end may be in it or not; `changedMeanwhile` names it. */
  beganAt: z.number(),
  tookMs: z.number().nullable(),
  leftOut: z.array(leftOutFile),
  /** Files beyond those in `leftOut`, which has room for a thousand. */
  moreLeftOut: z.number(),
  /** Paths of files that were changed after the run had begun, before they were read. */
  changedMeanwhile: z.array(z.string()),
  /** What is not as it should be, in words: why there is no snapshot, or what it does not cover. */
  problem: z.string().nullable(),
});
export type Snapshot = z.infer<typeof snapshot>;

/** One side of a comparison: the snapshot of a run, or the commit that was checked out then. */
export const sourceSide = z.object({
  runId: z.string(),
  at: z.enum(['snapshot', 'commit']).default('snapshot'),
});
export type SourceSide = z.infer<typeof sourceSide>;

export const sourceFile = z.object({
  path: z.string(),
  kind: z.enum(['file', 'program', 'link', 'repository']),
  /** Of the stored content; null for a repository. */
  sizeBytes: z.number().nullable(),
});

export const sourceChange = z.object({
  path: z.string(),
  change: z.enum(['added', 'removed', 'modified', 'renamed']),
  /** Where a renamed file was. */
  oldPath: z.string().nullable(),
  /** Lines; null for what is no text, or too long to be compared line by line. */
  addedLines: z.number().nullable(),
  removedLines: z.number().nullable(),
});
export type SourceChange = z.infer<typeof sourceChange>;

const runId = z.object({ runId: z.string() });
const path = z.string().min(1).max(4096);

export const source = {
  snapshot: procedure(
    'The code snapshot of a run, waited for while it is taken; null for a run that Benchtop did not start.',
    runId,
    snapshot.nullable(),
  ),
  files: procedure(
    'The files of a snapshot, by path; what Benchtop itself put there is left out.',
    sourceSide.extend({ limit: z.number().int().min(1).max(20_000).default(5000) }),
    z.object({ files: z.array(sourceFile), fileCount: z.number() }),
  ),
  file: procedure(
    'The text of one file on one side, at most a megabyte of it. Null text: it is not UTF-8, or kept by content beside the repository. Null: it is not there.',
    sourceSide.extend({ path }),
    z.object({ text: z.string().nullable(), sizeBytes: z.number(), isWhole: z.boolean() }).nullable(),
  ),
  compare: procedure(
    'What differs between two sides, by path; lines are compared without their line ends.',
    z.object({ a: sourceSide, b: sourceSide, limit: z.number().int().min(1).max(10_000).default(2000) }),
    z.object({ changes: z.array(sourceChange), changeCount: z.number() }),
  ),
  restore: procedure(
    'Writes the code of a run into a new folder: one that is not there yet, or is empty. Changes nothing else.',
    runId.extend({ folder: path }),
    z.object({
      folder: z.string(),
      fileCount: z.number(),
      /** Files that are not there, or not as they were when the run began, with the reason. */
      missing: z.array(z.object({ path: z.string(), why: z.string() })),
    }),
  ),
  createBranch: procedure(
    'Makes a branch of the user’s repository at the code of a run, without checking it out.',
    runId.extend({ name: z.string().min(1).max(250) }),
    z.object({ branch: z.string(), commitId: z.string(), repositoryPath: z.string() }),
  ),
};
