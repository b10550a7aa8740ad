import { posix } from 'node:path';
import { z } from 'zod';
import type { Pipeline } from '../../../contract/index.ts';
import { projectPath } from './stage-paths.ts';
import { readYaml, YamlMistake } from './read-yaml.ts';

const sourceSchema = z.object({
  wdir: z.string().optional(),
  outs: z
    .array(
      z.object({
        path: z.string(),
        md5: z.string().optional(),
        hash: z.string().optional(),
        size: z.bigint().optional(),
      }),
    )
    .default([]),
});

/** The data that a `.dvc` file tracks; null where it cannot be read. `file` is relative to the project. */
export function readDvcSource(root: string, file: string, text: string): Pipeline['sources'] | null {
  let content: unknown;
  try {
    content = readYaml(text).value;
  } catch (error) {
    if (error instanceof YamlMistake) return null;
    throw error;
  }
  const checked = sourceSchema.safeParse(content);
  if (!checked.success) return null;
  const { wdir, outs } = checked.data;
  const folder = projectPath(root, posix.dirname(file), wdir ?? '.');
  return outs.map(({ path, md5, hash, size }) => ({
    file,
    path: projectPath(root, folder, path),
    // A folder's is that of the list of its files, marked by its ending.
    md5: md5?.replace(/\.dir$/, '') ?? null,
    hashName: hash === 'md5' ? 'md5' : 'md5-dos2unix',
    isFolder: md5?.endsWith('.dir') ?? false,
    sizeBytes: size === undefined ? null : Number(size),
  }));
}
