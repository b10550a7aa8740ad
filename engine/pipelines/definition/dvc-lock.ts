import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { z } from 'zod';
import type { PipelineStage } from '../../../contract/index.ts';
import { isMissing } from '../../is-missing.ts';
import { readYaml, YamlMistake, type YamlValue } from './read-yaml.ts';
import { projectPath } from './stage-paths.ts';

const entry = z.object({
  path: z.string(),
  md5: z.string().optional(),
  hash: z.string().optional(),
  size: z.bigint().optional(),
  nfiles: z.bigint().optional(),
});
const lockSchema = z.object({
  schema: z.literal('2.0'),
  stages: z
    .record(
      z.string(),
      z.object({
        cmd: z.union([z.string().transform((command) => [command]), z.array(z.string())]),
        deps: z.array(entry).default([]),
        params: z.record(z.string(), z.record(z.string(), z.custom<YamlValue>())).default({}),
        outs: z.array(entry).default([]),
      }),
    )
    .default({}),
});

/** A file or folder as DVC saw it. */
export interface DvcLockEntry {
  /** Relative to the project. */
  readonly path: string;
  /** Hex; of a folder, of the list of its files (`isFolder`). Null where DVC knows it by something else. */
  readonly md5: string | null;
  /** DVC 2 hashed text with line ends made `\n`: `md5-dos2unix`. */
  readonly hashName: 'md5' | 'md5-dos2unix';
  readonly isFolder: boolean;
  readonly sizeBytes: number | null;
  readonly fileCount: number | null;
}

/** What DVC recorded after it ran a stage. */
export interface DvcLockStage {
  readonly commands: readonly string[];
  readonly deps: readonly DvcLockEntry[];
  /** By file relative to the project; the values by the names under which the stage names them. */
  readonly params: Readonly<Record<string, Readonly<Record<string, YamlValue>>>>;
  readonly outs: readonly DvcLockEntry[];
}

/**
 * The `dvc.lock` beside a `dvc.yaml`, by the names that readPipeline gives the stages. Null where there is none or it is not
 * DVC's (schema 2.0). `stages` as the pipeline has them: the lock's paths are relative to their folders, or as they write them.
 */
export async function readDvcLock(
  projectRoot: string,
  definitionFile: string,
  stages: ReadonlyMap<string, Pick<PipelineStage, 'workingFolder' | 'lockNames'>>,
): Promise<ReadonlyMap<string, DvcLockStage> | null> {
  const folder = posix.dirname(definitionFile);
  const text = await readFile(join(projectRoot, folder, 'dvc.lock'), 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (text === null) return null;
  const parsed = lockSchema.safeParse(valueOf(text));
  if (!parsed.success) return null;
  const prefix = folder === '.' ? '' : `${definitionFile}:`;
  return new Map(
    Object.entries(parsed.data.stages).map(([name, stage]) => {
      const { workingFolder = folder, lockNames = {} } = stages.get(prefix + name) ?? {};
      const written = new Map(Object.entries(lockNames).map(([path, lockName]) => [lockName, path]));
      const located = (path: string) => written.get(path) ?? projectPath(projectRoot, workingFolder, path);
      const entries = (list: readonly z.output<typeof entry>[]): DvcLockEntry[] =>
        list.map(({ path, md5, hash, size, nfiles }) => ({
          path: located(path),
          md5: md5?.replace(/\.dir$/, '') ?? null,
          hashName: hash === 'md5' ? 'md5' : 'md5-dos2unix',
          isFolder: md5?.endsWith('.dir') ?? false,
          sizeBytes: size === undefined ? null : Number(size),
          fileCount: nfiles === undefined ? null : Number(nfiles),
        }));
      const params = Object.entries(stage.params).map(([file, values]) => [located(file), values] as const);
      return [
        prefix + name,
        {
          commands: stage.cmd,
          deps: entries(stage.deps),
          params: Object.fromEntries(params),
          outs: entries(stage.outs),
        },
      ];
    }),
  );
}

function valueOf(text: string): YamlValue {
  try {
    return readYaml(text).value;
  } catch (error) {
    if (error instanceof YamlMistake) return null;
    throw error;
  }
}
