import { createHash } from 'node:crypto';
import { posix, resolve } from 'node:path';
import { dvcPipelineFile, type Pipeline, type PipelineStage } from '../../../contract/index.ts';
import { readDvcLock } from '../definition/index.ts';
import { dvcContent, writeLockEntry, type DvcContent, type LockedStage } from '../dvc-lock/index.ts';
import type { PathContents } from './path-contents.ts';

/** What dvc.lock says of a stage. */
export interface StageLock {
  readonly locked: LockedStage;
  /** sha256 of all of it. */
  readonly entryId: string;
}

export interface StageLocks {
  /** Null where there is no dvc.lock, or nothing in it of the stage. */
  of(stage: PipelineStage): Promise<StageLock | null>;
  /** The content of a path as DVC names it; null where nothing is. */
  contentOf(path: string): Promise<DvcContent | null>;
  /** Puts what a stage has read and written into dvc.lock, where there is one. */
  write(stage: PipelineStage): Promise<void>;
}

/** Files in which stages are written one after the other, whoever runs them. */
const writing = new Map<string, Promise<void>>();

/** The dvc.lock of each definition of a project, read once until something is written to it. */
export function createStageLocks({
  projectPath,
  pipeline,
  contents,
  signal,
  ...tools
}: {
  projectPath: string;
  pipeline: Pipeline;
  contents: PathContents;
  signal: AbortSignal;
} & Parameters<typeof dvcContent>[0]): StageLocks {
  const locks = new Map<string, ReturnType<typeof readDvcLock>>();
  const named = new Map<string, Promise<DvcContent>>();
  const isDvc = ({ file }: PipelineStage) => posix.basename(file) === dvcPipelineFile;

  async function contentOf(path: string): Promise<DvcContent | null> {
    const version = await contents.versionAt(path);
    if (version === null) return null;
    const key = `${version} ${path}`;
    const known = named.get(key) ?? dvcContent(tools, resolve(projectPath, path), signal);
    named.set(key, known);
    known.catch(() => named.delete(key));
    return known;
  }

  return {
    contentOf,
    async of(stage) {
      if (!isDvc(stage)) return null;
      const { file } = stage;
      const stages = () =>
        new Map(pipeline.stages.filter((other) => other.file === file).map((other) => [other.name, other]));
      const lock = locks.get(file) ?? readDvcLock(projectPath, file, stages());
      locks.set(file, lock);
      const locked = (await lock)?.get(stage.name);
      if (locked === undefined) return null;
      const text = JSON.stringify(locked, (_key, value: unknown) =>
        typeof value === 'bigint' ? `${value}n` : value,
      );
      return { locked, entryId: createHash('sha256').update(text).digest('hex') };
    },
    async write(stage) {
      if (!isDvc(stage)) return;
      const file = resolve(projectPath, stage.file);
      const write = () => writeLockEntry(projectPath, stage, contentOf);
      const work = (writing.get(file) ?? Promise.resolve()).then(write, write);
      const settled = work.then(
        () => undefined,
        () => undefined,
      );
      writing.set(file, settled);
      try {
        await work;
      } finally {
        if (writing.get(file) === settled) writing.delete(file);
        locks.delete(stage.file);
      }
    },
  };
}
