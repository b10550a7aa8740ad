import { readFile, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { BaseModel } from '../../../contract/index.ts';
import { isMissing } from '../../is-missing.ts';
import { cardMetadataIn } from './card-metadata.ts';

/**
 * The licence that the model card of a base model tells, where the model lies on this machine: in a folder that its name is, or
 * downloaded into Hugging Face's cache. Null where there is none.
 */
export async function licenseBeside(
  name: string,
  projectPath: string | null,
): Promise<Pick<BaseModel, 'license' | 'licensedBy'> | null> {
  for (const folder of await foldersOf(name, projectPath)) {
    const path = join(folder, 'README.md');
    const license = cardMetadataIn(await textAt(path))?.license ?? '';
    if (license !== '') return { license, licensedBy: path };
  }
  return null;
}

async function foldersOf(name: string, projectPath: string | null): Promise<string[]> {
  const own = isAbsolute(name) ? [name] : projectPath === null ? [] : [join(projectPath, name)];
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(name)) return own;
  const { HF_HOME, HF_HUB_CACHE } = process.env;
  const hub = HF_HUB_CACHE ?? join(HF_HOME ?? join(homedir(), '.cache', 'huggingface'), 'hub');
  const snapshots = join(hub, `models--${name.replace('/', '--')}`, 'snapshots');
  const found = await readdir(snapshots).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return [...own, ...found.map((snapshot) => join(snapshots, snapshot))];
}

async function textAt(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error) || (error instanceof Error && 'code' in error && error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
